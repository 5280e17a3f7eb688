"""The same settings told to others: rules text, causal links, the most they can cost."""

from collections.abc import Mapping

from banyan.plays.play import Mechanism, Problem
from banyan.plays.red_packet.settings import RedPacketSettings
from banyan.plays.words import Words

__all__ = ["mechanisms", "most_cost", "problems", "rules"]


def problems(settings: RedPacketSettings) -> list[Problem]:
    """Return why no such split exists, if none does."""
    found: list[Problem] = []
    if settings.least_minor > settings.most_minor:
        found.append(
            Problem(
                "most_minor",
                "below_least",
                Words("单份最高不能低于单份最低", "The most of a share is below the least"),
            )
        )
    if settings.total_minor < settings.shares * settings.least_minor:
        found.append(
            Problem(
                "total_minor",
                "too_small",
                Words(
                    f"总额不足以让 {settings.shares} 份都不低于 {_yuan(settings.least_minor)} 元",
                    f"Too little for {settings.shares} shares of {_yuan(settings.least_minor)} yuan",
                ),
            )
        )
    if settings.total_minor > settings.shares * settings.most_minor:
        found.append(
            Problem(
                "shares",
                "too_few",
                Words(
                    f"份数太少：每份最高 {_yuan(settings.most_minor)} 元，分不完总额",
                    f"Too few: at {_yuan(settings.most_minor)} yuan each the total is not used up",
                ),
            )
        )
    return found


def rules(settings: RedPacketSettings, offers: Mapping[str, Words]) -> list[Words]:
    """Return the executed rule in sentences."""
    prize, total, shares = offers[settings.offer], _yuan(settings.total_minor), settings.shares
    if settings.split == "equal":
        how = Words(
            "每份金额相同（除不尽时相差 0.01 元）",
            "all alike (to 0.01 yuan where it does not divide)",
        )
    else:
        how = Words(
            f"每份 {_yuan(settings.least_minor)} 至 {_yuan(settings.most_minor)} 元，金额随机，"
            "在开抢前已全部分好",
            f"each from {_yuan(settings.least_minor)} to {_yuan(settings.most_minor)} yuan by "
            "chance, all decided before the first is taken",
        )
    said = [
        Words(
            f"「{prize.zh}」总额 {total} 元，共 {shares} 份，{how.zh}；先到先得，抢完即止。",
            f"“{prize.en}” holds {total} yuan in {shares} shares, {how.en}; first come, first "
            "served, until all are taken.",
        ),
        Words(
            "每人限领一份，领取免费，无需邀请他人；金额立即记入「我的」中的现金余额。",
            "One share a person, free and without inviting anybody; the amount is in your cash "
            "under “Mine” at once.",
        ),
        Words(
            "转发红包给朋友不增加您的份数，也不影响金额。",
            "Passing the packet on adds no share of yours and changes no amount.",
        ),
        Words(
            "活动结束时未领完的金额退回主办方的活动预算。",
            "What nobody has taken when the campaign ends returns to the host's budget.",
        ),
    ]
    if settings.new_people_only:
        said.append(
            Words("仅限首次来到本店的新朋友领取。", "Only people new to us may take a share.")
        )
    return said


def mechanisms(settings: RedPacketSettings) -> list[Mechanism]:
    """Return every causal link from an event to a benefit: one's own grab, and nothing else."""
    return [Mechanism("offer", "grabbed", "self", "self", settings.offer, 0, 1)]


def most_cost(settings: RedPacketSettings, costs: Mapping[str, int], people: int) -> int:
    """Return the most that `people` persons can take: the largest shares there can be.

    `costs` counts offers one by one where the offer costs more than nothing; the packet's offer
    itself costs nothing, its amounts do.
    """
    takers = max(0, min(people, settings.shares))
    if costs.get(settings.offer):
        return takers * costs[settings.offer]
    if settings.split == "equal":
        each, over = divmod(settings.total_minor, settings.shares)
        return takers * each + min(takers, over)
    rest = settings.shares - takers
    return min(takers * settings.most_minor, settings.total_minor - rest * settings.least_minor)


def _yuan(minor: int) -> str:
    return str(minor // 100) if minor % 100 == 0 else f"{minor // 100}.{minor % 100:02d}"
