"""What kind of browser opens a link, told by its User-Agent and cheap enough for every click."""

from banyan.links.records import BROWSERS, IS_BOT

_SIGNS = (
    (b"wxwork", "wecom"),
    (b"micromessenger", "wechat"),
    (b"aweme", "douyin"),
    (b"bytedance", "douyin"),
    (b"weibo", "weibo"),
    (b"iphone", "ios"),
    (b"ipad", "ios"),
    (b"android", "android"),
    (b"windows nt", "desktop"),
    (b"macintosh", "desktop"),
    (b"x11", "desktop"),
)
_BOTS = (
    b"bot",
    b"spider",
    b"crawl",
    b"preview",
    b"facebookexternalhit",
    b"slurp",
    b"headlesschrome",
    b"curl/",
    b"wget/",
    b"python-",
    b"go-http-client",
    b"okhttp",
    b"monitor",
)
_MOST = 4096
_known: dict[bytes, tuple[int, int]] = {}


def browser_of(user_agent: bytes) -> tuple[int, int]:
    """Return the number of the browser's class and its flags (`IS_BOT` or 0).

    Only who says so is a bot here; who pretends otherwise is for risk checks to find.
    """
    known = _known.get(user_agent)
    if known is None:
        if len(_known) >= _MOST:
            _known.clear()
        known = _known[user_agent] = _classify(user_agent[:512].lower())
    return known


def _classify(text: bytes) -> tuple[int, int]:
    if any(sign in text for sign in _BOTS):
        return BROWSERS.index("bot"), IS_BOT
    for sign, browser in _SIGNS:
        if sign in text:
            return BROWSERS.index(browser), 0
    return 0, 0
