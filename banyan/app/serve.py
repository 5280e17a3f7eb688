"""`banyan serve`: everything on one machine.

Sets up what is missing, starts the processes, watches over them, and stops them in order: web and
work first, the database last.
"""

import contextlib
import fcntl
import os
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Generator
from pathlib import Path
from types import FrameType

import msgspec

from banyan.app import metrics
from banyan.app.addresses import addresses, with_urls
from banyan.app.child import Child
from banyan.app.parent import SUPERVISED
from banyan.app.revisions import current_revision, newest_revision
from banyan.kernel.keys import Keyring
from banyan.kernel.postgres import (
    EmbeddedPostgres,
    HomeInUse,
    PlacementImpossible,
    PostgresFailed,
    make_home,
)
from banyan.kernel.settings import Settings, load

START_SECONDS_MOST = 60
WATCH_SECONDS = 0.2


class Stopping(BaseException):
    """Ctrl-C or SIGTERM came."""


class DemoAccess(msgspec.Struct):
    """How a newcomer gets in; the demo writes it when it is complete."""

    email: str
    password: str
    participants_url: str


def serve() -> None:
    """Run everything until Ctrl-C or SIGTERM; the data stays in the home."""
    settings = load()
    # What we write is ours: journals and files of customers are nobody else's to read.
    os.umask(0o077)
    _on_signal_raise()
    try:
        must_be_free(settings.host, settings.port, "BANYAN_PORT")
        must_be_free("127.0.0.1", settings.metrics_port, "BANYAN_METRICS_PORT")
        with _only_one(settings.home), _database(settings) as (settings, server):
            _serve(settings, server)
    except Stopping:
        say("Stopped; the data is kept · 已停止，数据都在", str(settings.home))
    except (HomeInUse, PlacementImpossible, PostgresFailed, OSError) as error:
        sys.exit(f"✗ {error}")


def say(words: str, detail: str = "") -> None:
    """Print one line of progress."""
    green, dim, plain = ("\033[1;32m", "\033[2m", "\033[0m") if sys.stdout.isatty() else ("",) * 3
    print(f"{green}▸{plain} {words}  {dim}{detail}{plain}".rstrip(), flush=True)


def _on_signal_raise() -> None:
    """Turn the first Ctrl-C or SIGTERM into `Stopping`, and let none interrupt the stopping."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, signal.SIG_IGN)
        raise Stopping

    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, stop)


def must_be_free(host: str, port: int, variable: str) -> None:
    """Raise OSError in plain words when somebody else listens on `port`.

    The server shares its port among its workers, so it would share it with a stranger too.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            msg = f"{host}:{port} cannot be used ({error.strerror}); choose another by {variable}"
            raise OSError(msg) from None


@contextlib.contextmanager
def _only_one(home: Path) -> Generator[None]:
    make_home(home)
    with (home / "run" / "serve.lock").open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            msg = f"Banyan already runs on {home}"
            raise HomeInUse(msg) from None
        yield


@contextlib.contextmanager
def _database(settings: Settings) -> Generator[tuple[Settings, EmbeddedPostgres | None]]:
    if settings.database_url is not None:
        say("Database · 数据库", "BANYAN_DATABASE_URL")
        yield settings, None
        return
    begin = time.monotonic()
    server = EmbeddedPostgres(settings.home)
    urls = server.start()
    try:
        say("Database · 数据库", f"PostgreSQL, {time.monotonic() - begin:.1f} s")
        yield with_urls(settings, urls), server
    finally:
        server.stop()


def _serve(settings: Settings, server: EmbeddedPostgres | None) -> None:
    say("Tables · 数据表", _migrated(settings))
    Keyring.open(settings.keys)
    metrics.use_folder(settings.run / "metrics", clean=True)
    children = _children(settings)
    try:
        for child in children:
            child.start()
        metrics.serve(settings.metrics_port)
        _wait_for_answer(settings, children)
        say("Web and work processes · 网页与后台", f"{settings.web_processes} + 1")
        demo = _demo(settings)
        if demo is not None:
            demo.start()
            children = [*children, demo]
        _welcome(settings)
        _watch(settings, children, server)
    finally:
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.wait()


def _migrated(settings: Settings) -> str:
    """Bring the tables up to date, which most starts find done, and return their revision."""
    owner_url = settings.owner_database_url
    if owner_url is None:
        return "BANYAN_OWNER_DATABASE_URL is not set: not looked at"
    revision = newest_revision()
    if current_revision(owner_url) != revision:
        from banyan.app.migrate import upgrade  # noqa: PLC0415 - slow to import, seldom needed

        upgrade(settings)
    return revision or "none"


def _children(settings: Settings) -> list[Child]:
    env = {
        **os.environ,
        **addresses(settings),
        SUPERVISED: "1",
        "BANYAN_HOME": str(settings.home),
        "BANYAN_BASE_URL": settings.base_url,
        metrics.FOLDER: str(settings.run / "metrics"),
    }
    # On a terminal the processes' logs go to files; elsewhere they are the service's output.
    logs = settings.home / "logs" if sys.stdout.isatty() else None
    return [
        Child("work", [sys.executable, "-m", "banyan", "work"], env, logs),
        Child("web", [sys.executable, "-m", "banyan", "web"], env, logs),
    ]


def _demo(settings: Settings) -> Child | None:
    """Return the process that fills a new home with a demo merchant, unless it is there."""
    wanted = os.environ.get("BANYAN_DEMO", "1") != "0"
    if not wanted or (settings.home / "demo.json").exists():
        return None
    env = {**os.environ, **addresses(settings), "BANYAN_HOME": str(settings.home)}
    env["BANYAN_BASE_URL"] = settings.base_url
    env[SUPERVISED] = "1"
    return Child("demo", [sys.executable, "-m", "banyan", "demo"], env, None, is_once=True)


def _own_url(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104
    return f"http://{host}:{settings.port}"


def _wait_for_answer(settings: Settings, children: list[Child]) -> None:
    until = time.monotonic() + START_SECONDS_MOST
    while time.monotonic() < until:
        for child in children:
            if child.is_dead:
                msg = f"the {child.name} process ended at its start: {child.where_it_says_why}"
                raise PostgresFailed(msg)
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{_own_url(settings)}/healthz", timeout=2),  # noqa: S310
        ):
            return
        time.sleep(0.02)
    msg = f"{_own_url(settings)} did not answer within {START_SECONDS_MOST} s"
    raise TimeoutError(msg)


def _welcome(settings: Settings) -> None:
    say("Banyan 榕 is up · 已启动")
    print(f"\n    Console · 商户后台       {settings.base_url}/console/")
    file = settings.home / "demo.json"
    if file.exists():
        demo = msgspec.json.decode(file.read_bytes(), type=DemoAccess)
        print(f"    Participants · 参与页    {demo.participants_url}")
        print(f"    Demo login · 演示账号    {demo.email}  {demo.password}")
    print("\n    Ctrl-C stops everything and keeps the data · 按 Ctrl-C 停止\n", flush=True)


def _watch(settings: Settings, children: list[Child], server: EmbeddedPostgres | None) -> None:
    """Start again what died, with growing pauses, until `Stopping`. The web goes on meanwhile."""
    database_due = 0.0
    pause = 0.5
    while True:
        time.sleep(WATCH_SECONDS)
        if server is not None and not server.is_running and time.monotonic() >= database_due:
            say("The database ended; starting it again · 数据库重启")
            try:
                server.start()
                pause = 0.5
            except (PostgresFailed, OSError) as error:
                say("It did not start · 启动失败", str(error))
                pause = min(pause * 2, 30)
            database_due = time.monotonic() + pause
        for child in list(children):
            if child.is_once and child.is_dead:
                children.remove(child)
                if child.is_well_done:
                    _welcome(settings)
                else:
                    say("The demo is incomplete; it goes on at the next start · 演示数据未完成")
            elif child.is_dead and child.start_when_due():
                say(f"The {child.name} process ended; started again · 进程重启")
