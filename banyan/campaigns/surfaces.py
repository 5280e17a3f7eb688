"""Surfaces: where a page is open, told from what the browser says of itself.

A hint, never a proof: it decides which page is shown and which words explain a refusal.
"""

from typing import Final

SURFACES: Final[dict[str, tuple[str, str]]] = {
    "own_web": ("网页", "the web"),
    "wechat_h5": ("微信", "WeChat"),
    "mini_program": ("小程序", "a mini program"),
    "official_account": ("公众号", "an official account"),
    "wecom": ("企业微信", "WeCom"),
    "douyin": ("抖音", "Douyin"),
    "app": ("App", "the app"),
    "in_store": ("门店", "the store"),
}
"""Every surface with its name in Chinese and English."""

_MARKS: Final[tuple[tuple[str, str], ...]] = (
    # The order matters: WeCom and mini programs also say MicroMessenger.
    ("wxwork", "wecom"),
    ("miniprogram", "mini_program"),
    ("micromessenger", "wechat_h5"),
    ("aweme", "douyin"),
    ("bytedancewebview", "douyin"),
    ("douyin", "douyin"),
    ("banyanapp", "app"),
)

_NEAR: Final[dict[str, frozenset[str]]] = {
    # WeChat's own browser opens an official account's pages, and the judge weighs both alike. The
    # code on a table in the shop opens in the guest's browser; what was judged for the shop alone
    # does not run inside a platform.
    "wechat_h5": frozenset({"wechat_h5", "official_account"}),
    "own_web": frozenset({"own_web", "in_store"}),
}


def surface_of(user_agent: str) -> str:
    """Return the surface that `user_agent` speaks for; `own_web` for any other browser."""
    told = user_agent.casefold()
    return next((surface for mark, surface in _MARKS if mark in told), "own_web")


def is_allowed(surface: str, allowed: list[str] | tuple[str, ...]) -> bool:
    """Whether a campaign made for the surfaces `allowed` may run where the page is open."""
    return not _NEAR.get(surface, frozenset({surface})).isdisjoint(allowed)
