"""Our own rules: not law, but what an honest merchant keeps to."""

from collections.abc import Iterator
from typing import Final

from banyan.compliance.case import Case
from banyan.compliance.rules.platform import chain_of
from banyan.compliance.verdict import Change, Hit, Rule

__all__ = ["HOUSE_RULES"]

SET_ON: Final = "2026-11-21"

WARN_ABOVE_BPS: Final = 3_000
BLOCK_ABOVE_BPS: Final = 10_000
WHOLE_BPS: Final = 10_000


def _share_of_order(case: Case, _surface: str) -> Iterator[Hit]:
    """Compare what one person brought is worth to the inviter with what a typical order brings."""
    order = case.order_value_minor
    if not order:
        return
    rewards = {reward.key: reward for reward in case.rewards}
    for trigger in case.triggers:
        reward = rewards.get(trigger.reward or "")
        if reward is None or trigger.beneficiary != "inviter":
            continue
        share = reward.value_minor * WHOLE_BPS
        whole = order * trigger.people
        if share > WARN_ABOVE_BPS * whole:
            yield Hit(
                "block" if share > BLOCK_ABOVE_BPS * whole else "warn",
                trigger.path,
                chain_of(trigger),
                Change(
                    "set",
                    zh="把奖品价值降到订单金额的 30% 以内",
                    en="Bring the reward down to 30 % of an order",
                    path=f"{reward.path}.value_minor",
                    value=WARN_ABOVE_BPS * whole // WHOLE_BPS,
                ),
            )


def _host(case: Case, _surface: str) -> Iterator[Hit]:
    for path, text in (("host.name", case.host_name), ("host.contact", case.host_contact)):
        if not text.strip():
            yield Hit("warn", path)


def _above_shop(case: Case, _surface: str) -> Iterator[Hit]:
    """The shop sells it for less than the campaign: who takes part is no better off."""
    for price in case.prices:
        shown, most = price.shown_minor, price.campaign_minor
        if shown is not None and most is not None and most > shown:
            yield Hit("warn", price.path, ("price_cut", "campaign"))


HOUSE_RULES: Final = (
    Rule(
        "HOUSE-01",
        "邀请奖励超过商品价值的 30%",
        "The reward for inviting exceeds 30 % of an order",
        "平台准则：单份奖励不高于订单金额的 30%，不得高于 100%",
        "policy",
        "value",
        "anywhere",
        _share_of_order,
        SET_ON,
    ),
    Rule(
        "HOUSE-02",
        "没有写明主办方及联系方式",
        "It is not said who answers for the campaign",
        "平台准则：参与者应知道由谁负责、如何联系",
        "policy",
        "value",
        "anywhere",
        _host,
        SET_ON,
    ),
    Rule(
        "HOUSE-03",
        "活动价高于店里现在的售价",
        "The shop now sells it for less than the campaign",
        "平台准则：活动价不高于不参加活动时的售价",
        "policy",
        "value",
        "anywhere",
        _above_shop,
        SET_ON,
    ),
)
