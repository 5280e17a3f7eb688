"""The web process: `app` is what the server runs.

A small dispatcher stands in front. The hot paths (a click, a page's telemetry, a support, an order,
a look at the goods) go to bare handlers; the built web is served from memory; everything else is
Litestar's. Nothing is read or opened at import: a process builds its house when the server starts.
"""

import asyncio
import importlib
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import AsyncExitStack
from typing import Any

import structlog
from litestar import Litestar, Router
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from banyan.app.browsing import browse
from banyan.app.edge import document
from banyan.app.edge.exact import exact
from banyan.app.edge.executor import BoundedExecutor
from banyan.app.edge.guards import (
    guard,
    provide_caller,
    provide_guest,
    provide_request_key,
)
from banyan.app.edge.headers import SecurityHeaders
from banyan.app.edge.problems import HANDLERS, MALFORMED, OVERLOADED, refused_for
from banyan.app.edge.static import StaticFiles
from banyan.app.edge.visitors import set_visitor_cookie
from banyan.app.grabs import PREFIX, SUFFIX, is_grab, take_grab
from banyan.app.paying import step_of
from banyan.app.routes import BARE, ROUTE_MODULES, RUNNING
from banyan.app.supports import take_support
from banyan.kernel import settings as kernel_settings
from banyan.kernel.asgi import Header, Hot, Receive, Scope, Send, answer, refuse, trust_proxies
from banyan.kernel.cookies import use_secure_cookies
from banyan.kernel.errors import Refused
from banyan.kernel.keys import Keyring, current_keys, use_keys
from banyan.kernel.settings import Settings
from banyan.kernel.work import Database, current_database, use_database
from banyan.links import is_known, take_click

logger = structlog.get_logger()

Handler = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_MOST_BYTES = 1 << 20
BODY_MOST_SECONDS = 15.0
"""A body that takes longer to arrive is given up: a slow sender holds no place."""
THREADS = 8
MOST_IN_FLIGHT = 3000
SUPPORTS = ("/api/public/quests/", "/supports")
ORDERS = "/api/public/orders"
QUEST_ORDERS = ("/api/public/quests/", "/orders")
RAW_GRABS = PREFIX.encode(), SUFFIX.encode()
RAW_SUPPORTS = SUPPORTS[0].encode(), SUPPORTS[1].encode()


def named(reference: str) -> Any:
    """Return what `module:attribute` names. Raises ImportError or AttributeError when it is not."""
    module, _, attribute = reference.partition(":")
    return getattr(importlib.import_module(module), attribute)


def collected_routes() -> Iterator[ControllerRouterHandler]:
    """Yield every package's routes."""
    for module in ROUTE_MODULES:
        yield from named(f"{module}:routes")


def framework(*, documented: bool = False) -> Litestar:
    """Return the Litestar application of all routes; a served one has no OpenAPI document."""
    # Through one router, because an application that is given several handlers of one path one by
    # one prepares the first of them twice, and what runs in a thread then runs in none.
    house = Router(path="/", route_handlers=list(collected_routes()))
    return Litestar(
        route_handlers=[house],
        guards=[guard, exact],
        dependencies={
            "caller": Provide(provide_caller, sync_to_thread=False),
            "guest": Provide(provide_guest, sync_to_thread=False),
            "request_key": Provide(provide_request_key),
        },
        exception_handlers=HANDLERS,
        before_send=[set_visitor_cookie],
        request_max_body_size=BODY_MOST_BYTES,
        openapi_config=document.CONFIG if documented else None,
        logging_config=None,
        debug=False,
    )


def openapi() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of all routes, for the generated client."""
    return document.document_of(framework(documented=True))


class House:
    """Everything a web process serves, once it is built."""

    def __init__(self, settings: Settings) -> None:
        """Collect the routes. Opens nothing; `running` does."""
        self.settings = settings
        self.framework = framework()
        self.bare: dict[str, Handler] = {name: named(place) for name, place in BARE.items()}
        self.click = self.bare["click"]
        self.grab = self.bare["grab"]
        self.headers = SecurityHeaders(is_https=settings.is_https)
        self.console = StaticFiles(
            "/console/", settings.web_dist / "console" / "dist", fallback="index.html"
        )
        self.pages = StaticFiles("/h5/", settings.web_dist / "h5" / "dist")
        self.in_flight = 0

    async def enter(self, stack: AsyncExitStack) -> None:
        """Start what runs beside the requests, in order; the stack ends it in reverse."""
        await stack.enter_async_context(self.framework.lifespan())
        for place in RUNNING:
            await stack.enter_async_context(named(place)(self.settings))

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens."""
        extra = self.headers.of(scope["path"])
        started = False

        async def sending(message: MutableMapping[str, Any]) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                own: list[Header] = list(message.get("headers") or ())
                given = {name for name, _ in own}
                message["headers"] = own + [each for each in extra if each[0] not in given]
            await send(message)

        try:
            await self._dispatch(scope, receive, sending)
        except Exception as error:
            if started:
                logger.exception("answer_broke")
                raise
            await refuse(scope, sending, refused_for(error))

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if hot := hot_path_of(scope):
            await self.bare[hot](scope, receive, send)
        elif path.startswith("/api/public/") and await browse(scope, send):
            return
        elif path in {"/", "/console"}:
            await answer(send, 302, [(b"location", b"/console/")])
        elif await self.console.serve(scope, send) or await self._page_file(scope, send):
            return
        elif path.endswith("/stream"):
            # A live stream lasts as long as its page is open: it is no request that piles up.
            await self.framework(scope, receive, send)  # pyright: ignore[reportArgumentType]
        elif self.in_flight >= MOST_IN_FLIGHT:
            raise Refused(OVERLOADED)
        else:
            self.in_flight += 1
            try:
                await self.framework(scope, _patient(receive), send)  # pyright: ignore[reportArgumentType]
            finally:
                self.in_flight -= 1

    async def _page_file(self, scope: Scope, send: Send) -> bool:
        # The page itself is made per answer; its template is nobody's page.
        if scope["path"] == "/h5/index.html":
            return False
        return await self.pages.serve(scope, send)


def hot_path_of(scope: Scope) -> str | None:
    """Return the name of the bare handler that answers a request, None when none does."""
    path: str = scope["path"]
    if path == "/t":
        return "telemetry"
    if scope["method"] != "POST":
        return None
    if path == ORDERS:
        return "order"
    if path.startswith(SUPPORTS[0]) and path.endswith(SUPPORTS[1]):
        return "support"
    if path.startswith(QUEST_ORDERS[0]) and path.endswith(QUEST_ORDERS[1]):
        return "quest_order"
    return step_of(scope)


def _patient(receive: Receive) -> Receive:
    """Give a body `BODY_MOST_SECONDS` to arrive whole; then wait for as long as it takes."""
    whole = False
    until = asyncio.get_running_loop().time() + BODY_MOST_SECONDS

    async def receiving() -> MutableMapping[str, Any]:
        nonlocal whole
        if whole:
            return await receive()
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            raise Refused(MALFORMED) from None
        whole = not message.get("more_body", False)
        return message

    return receiving


class App:
    """The ASGI callable: builds the house at start-up, then hands it every request."""

    def __init__(self, settings: Settings | None = None) -> None:
        """Remember the settings, the environment's by default."""
        self._settings = settings
        self._house: House | None = None

    def hot(self, method: bytes, target: bytes) -> Hot | None:
        """Return who answers without a task (`edge.wire`): clicks, supports, taps on a packet."""
        if self._house is None or b"%" in target or b"?" in target:
            return None
        if method == b"GET":
            is_click = target.startswith(b"/s/") and is_known(target[3:].decode("latin-1"))
            return take_click if is_click else None
        if method != b"POST":
            return None
        if target.endswith(RAW_GRABS[1]) and target.startswith(RAW_GRABS[0]):
            return take_grab
        if target.endswith(RAW_SUPPORTS[1]) and target.startswith(RAW_SUPPORTS[0]):
            return take_support
        return None

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answer one ASGI scope."""
        if scope["type"] == "http" and self._house is not None:
            if scope["path"].startswith("/s/"):
                # Opened links are the hottest path: past every layer that wraps the others. The
                # handler sets its own headers and answers its own failures.
                return self._house.click(scope, receive, send)
            if scope["method"] == "POST" and is_grab(scope["path"]):
                # So are the taps on a red packet, most of which come too late.
                return self._house.grab(scope, receive, send)
            return self._house.serve(scope, receive, send)
        return self._besides(scope, receive, send)

    async def _besides(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            raise Refused(OVERLOADED)
        if scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        async with AsyncExitStack() as stack:
            await receive()
            try:
                self._house = await self._build(stack)
            except Exception as error:
                logger.exception("start_failed")
                await send({"type": "lifespan.startup.failed", "message": str(error)})
                return
            await send({"type": "lifespan.startup.complete"})
            await receive()
            self._house = None
        await send({"type": "lifespan.shutdown.complete"})

    async def _build(self, stack: AsyncExitStack) -> House:
        settings = self._settings or kernel_settings.load()
        _open_keys(settings)
        use_secure_cookies(secure=settings.is_https)
        trust_proxies(settings.proxy_hops)
        stack.callback(_open_database(settings))
        executor = BoundedExecutor(THREADS, thread_name_prefix="handler")
        stack.callback(executor.shutdown, wait=False)
        asyncio.get_running_loop().set_default_executor(executor)
        house = House(settings)
        await house.enter(stack)
        return house


def _open_keys(settings: Settings) -> None:
    """Let this process sign with its home's keys unless it was given some already."""
    try:
        current_keys()
    except RuntimeError:
        use_keys(Keyring.open(settings.keys))


def _open_database(settings: Settings) -> Callable[[], None]:
    """Let this process work on its database unless it was given one already."""
    try:
        current_database()
    except RuntimeError:
        if not settings.database_url or not settings.relay_database_url:
            msg = "BANYAN_DATABASE_URL and BANYAN_RELAY_DATABASE_URL must be set for a web process"
            raise RuntimeError(msg) from None
        database = Database(settings.database_url, settings.relay_database_url)
        use_database(database)

        def close() -> None:
            use_database(None)
            database.close()

        return close
    return lambda: None


app = App()
