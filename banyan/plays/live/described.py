"""The same settings told to others: problems, acts, rules text, causal links, chance, the cost."""

from collections.abc import Mapping
from typing import Final

from banyan.plays import own
from banyan.plays.disclosures import Disclosures, DrawTerms, PrizeTerms
from banyan.plays.drawing import DRAWN_IN_THE_OPEN, ODDS_ONE, DrawPrize, Draws
from banyan.plays.live.settings import LiveSettings
from banyan.plays.play import Act, Mechanism, Problem
from banyan.plays.words import Words, some

__all__ = [
    "DREW",
    "ENTERED",
    "acts",
    "disclosures",
    "draws",
    "mechanisms",
    "most_cost",
    "offers",
    "problems",
    "rules",
]

ENTERED: Final = "entered"
DREW: Final = "drew"
ALL_BPS: Final = 10_000
PPM_PER_BPS: Final = ODDS_ONE // ALL_BPS


def problems(settings: LiveSettings) -> list[Problem]:
    """Return what is wrong with settings whose types are right."""
    found: list[Problem] = []
    if settings.enter_offer is None and not settings.prizes:
        words = Words("至少设置进直播间奖品或抽奖奖品", "Give something for entering or to draw")
        found.append(Problem("enter_offer", "no_reward", words))
    offered = [prize.offer for prize in settings.prizes]
    for place, offer in enumerate(offered):
        if offered.count(offer) > 1:
            words = Words("同一奖品只能列一次", "A prize is listed once")
            found.append(Problem(f"prizes[{place}].offer", "repeated", words))
    if sum(prize.odds_bps for prize in settings.prizes) > ALL_BPS:
        words = Words("概率合计不能超过 100%", "The odds cannot exceed 100 % together")
        found.append(Problem("prizes", "odds_above_all", words))
    return found


def offers(settings: LiveSettings) -> dict[str, str]:
    """Return path → offer key for every offer named."""
    named: dict[str, str] = {}
    if settings.enter_offer is not None:
        named["enter_offer"] = settings.enter_offer
    for index, prize in enumerate(settings.prizes):
        named[f"prizes[{index}].offer"] = prize.offer
    if settings.friend_offer is not None:
        named["friend_offer"] = settings.friend_offer
    return named


def acts(settings: LiveSettings) -> list[Act]:
    """Return what can be done: entering by the code, and drawing."""
    enter = Act(ENTERED, Words("输入直播间暗号", "Type the room's code"), "once", 1, "code")
    if not settings.prizes:
        return [enter]
    return [enter, Act(DREW, Words("抽奖", "Draw"), "times", settings.draws_per_person)]


def rules(settings: LiveSettings, offers: Mapping[str, Words]) -> list[Words]:
    """Return the executed rule in sentences."""
    said: list[Words] = []
    if settings.enter_offer is not None:
        name = offers[settings.enter_offer]
        said.append(
            Words(
                f"在直播间看到暗号并输入，即得「{name.zh}」一份，每人一次。",
                f"Type the code shown in the live room for one “{name.en}”, once.",
            )
        )
    if settings.prizes:
        times, minutes = settings.draws_per_person, settings.watch_minutes
        after_zh = f"输入暗号 {minutes} 分钟后可抽奖" if minutes else "输入暗号后即可抽奖"
        after_en = (
            f"{minutes} minutes after typing the code" if minutes else "After typing the code"
        )
        said.append(
            Words(
                f"{after_zh}，人人 {times} 次，免费，次数不因分享或带来朋友而增加；结果当场显示。",
                f"{after_en} everybody draws {some(times, 'time')}, free of "
                "charge; sharing or bringing friends adds none. The outcome is shown at once.",
            )
        )
        for prize in settings.prizes:
            name, odds = offers[prize.offer], _percent(prize.odds_bps)
            said.append(
                Words(
                    f"每次抽中「{name.zh}」的概率为 {odds}；数量见奖品说明，发完后抽中视为未中奖。",
                    f"Each draw wins “{name.en}” with odds of {odds}; once the stated quantity is "
                    "gone, drawing it is no prize.",
                )
            )
        said += DRAWN_IN_THE_OPEN
    greeting = offers[settings.friend_offer] if settings.friend_offer is not None else None
    return [*said, *own.greeting_rules(greeting)]


def _percent(bps: int) -> str:
    whole, rest = divmod(bps, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"


def mechanisms(settings: LiveSettings) -> list[Mechanism]:
    """Return every causal link from an event to a benefit."""
    links: list[Mechanism] = []
    if settings.enter_offer is not None:
        links.append(
            Mechanism("enter_offer", "watched", "self", "self", settings.enter_offer, 0, 1)
        )
    most = settings.draws_per_person
    links += [
        Mechanism(f"prizes[{index}].offer", "drawn", "self", "self", prize.offer, 0, most)
        for index, prize in enumerate(settings.prizes)
    ]
    return [*links, *own.greeting_mechanisms(settings.friend_offer)]


def disclosures(settings: LiveSettings) -> Disclosures:
    """Return what the rules of chance look at."""
    if not settings.prizes:
        return Disclosures()
    prizes = tuple(
        PrizeTerms(f"prizes[{index}]", prize.offer, prize.odds_bps)
        for index, prize in enumerate(settings.prizes)
    )
    return Disclosures(draws=(DrawTerms("prizes", prizes, settings.draws_per_person),))


def draws(settings: LiveSettings) -> Draws | None:
    """Return the published odds and the step that draws; None: the room draws nothing."""
    if not settings.prizes:
        return None
    prizes = (DrawPrize(prize.offer, prize.odds_bps * PPM_PER_BPS) for prize in settings.prizes)
    return Draws(DREW, tuple(prizes))


def most_cost(settings: LiveSettings, costs: Mapping[str, int], people: int) -> int:
    """Return the most `people` persons can make this cost: all enter, all draw the dearest."""
    each = costs.get(settings.enter_offer or "", 0)
    if settings.prizes:
        dearest = max(costs.get(prize.offer, 0) for prize in settings.prizes)
        each += settings.draws_per_person * dearest
    return people * each + own.greeting_cost(settings.friend_offer, costs, people)
