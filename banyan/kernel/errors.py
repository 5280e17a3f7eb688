"""Refusals: the ways a command may say no, each with a stable code and its words in two languages.

A package declares its refusals in `refusals.py`; the edge turns a raised `Refused` into
`application/problem+json` (RFC 9457). A batch returns the `Refusal` as a value instead.
"""

from typing import NamedTuple

REFUSALS: dict[str, "Refusal"] = {}
"""Every declared refusal by its code; a test asserts that codes are unique and both texts exist."""


class Refusal(NamedTuple):
    """A way to say no. `zh` and `en` may hold `{name}` places for the parameters."""

    code: str
    status: int
    zh: str
    en: str

    def text(self, language: str, **params: object) -> str:
        """Return the words in `language` ("en…", anything else is Chinese)."""
        return (self.en if language.startswith("en") else self.zh).format_map(params)


class Refused(Exception):  # noqa: N818 - the word of the trade: a command refuses, it does not fail
    """A command said no. Nothing it did is kept: the unit of work rolls back."""

    def __init__(self, refusal: Refusal, **params: object) -> None:
        """Say no by `refusal`, with the parameters its words need."""
        super().__init__(refusal.code)
        self.refusal = refusal
        self.params = params


def refusal(code: str, status: int, *, zh: str, en: str) -> Refusal:
    """Declare a refusal. Raises ValueError when another one has the same code."""
    made = Refusal(code, status, zh, en)
    if REFUSALS.setdefault(code, made) != made:
        msg = f"refusal {code!r} is declared twice"
        raise ValueError(msg)
    return made


INVALID = refusal(
    "invalid", 422, zh="填写的内容有误：{problem}", en="Something is not right: {problem}"
)
NOT_FOUND = refusal("not_found", 404, zh="没有找到", en="Not found")
NOT_SIGNED_IN = refusal("not_signed_in", 401, zh="请先登录", en="Please sign in first")
NOT_ALLOWED = refusal(
    "not_allowed", 403, zh="你的角色没有这个权限", en="Your role does not allow this"
)
TOO_LARGE = refusal("body_too_large", 413, zh="提交的内容太大", en="What was sent is too large")
TOO_OFTEN = refusal(
    "too_often",
    429,
    zh="操作太频繁，请 {seconds} 秒后再试",
    en="Too often; try again in {seconds} seconds",
)
STORE_DOWN = refusal(
    "store_down",
    503,
    zh="服务暂时不可用，已确认的都在，没确认的可以再试一次",
    en="Briefly unavailable. What was confirmed is kept; what was not can be repeated",
)
VERSION_CONFLICT = refusal(
    "version_conflict",
    409,
    zh="别人刚刚改过，请看过最新内容再保存",
    en="Somebody changed it meanwhile; look at the newest version, then save",
)
