"""The ways links say no."""

from banyan.kernel.errors import refusal

LINK_UNKNOWN = refusal(
    "link_unknown",
    404,
    zh="这个链接不存在，请检查是否完整",
    en="This link does not exist; check that it is complete",
)
LINKS_DOWN = refusal(
    "links_down",
    503,
    zh="暂时查不到这个链接，请稍后再试",
    en="This link cannot be looked up right now; please try again shortly",
)
CLICK_NOT_KEPT = refusal(
    "click_not_kept",
    503,
    zh="服务繁忙，请稍后再试",
    en="Busy right now; please try again shortly",
)
