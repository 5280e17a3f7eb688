"""The same settings told to others: rules text, causal links, the most they can cost."""

from collections import Counter
from collections.abc import Mapping

from banyan.plays.disclosures import Disclosures, DrawTerms, PrizeTerms
from banyan.plays.drawing import DRAWN_IN_THE_OPEN, ODDS_ONE
from banyan.plays.lottery.settings import LotterySettings
from banyan.plays.play import Mechanism, Problem
from banyan.plays.words import Words, some

__all__ = ["disclosures", "mechanisms", "most_cost", "offers", "problems", "rules"]


def offers(settings: LotterySettings) -> dict[str, str]:
    """Return path → offer key for every prize."""
    return {f"prizes[{place}].offer": prize.offer for place, prize in enumerate(settings.prizes)}


def problems(settings: LotterySettings) -> list[Problem]:
    """Return what is wrong with the prizes."""
    found: list[Problem] = []
    if not settings.prizes:
        words = Words("请至少填写一种奖品", "A lottery needs a prize")
        found.append(Problem("prizes", "empty", words))
    if sum(prize.odds_ppm for prize in settings.prizes) > ODDS_ONE:
        words = Words("各奖品概率之和超过 100%", "The odds add up to more than 100 %")
        found.append(Problem("prizes", "above_certain", words))
    times = Counter(prize.offer for prize in settings.prizes)
    for place, prize in enumerate(settings.prizes):
        if times[prize.offer] > 1:
            words = Words("同一奖品只能列一次", "A prize is listed once")
            found.append(Problem(f"prizes[{place}].offer", "repeated", words))
    if settings.wins_per_person > settings.draws_per_person:
        words = Words("中奖次数上限不能多于抽奖次数", "Nobody wins more often than they draw")
        found.append(Problem("wins_per_person", "above_draws", words))
    return found


def rules(settings: LotterySettings, offers: Mapping[str, Words]) -> list[Words]:
    """Return the executed rule in sentences."""
    draws, wins = settings.draws_per_person, settings.wins_per_person
    often = (
        Words(
            f"每人每天可抽奖一次，活动期间最多 {draws} 次",
            f"Each person may draw once a day, {some(draws, 'time')} at most",
        )
        if settings.every == "day"
        else Words(f"每人可抽奖 {draws} 次", f"Each person may draw {some(draws, 'time')}")
    )
    said = [
        Words(
            f"{often.zh}；中奖满 {wins} 次后不再抽奖。登录即可参加，免费，"
            "分享、邀请、关注或消费都不增加机会，也不改变概率。",
            f"{often.en}; after {wins} wins no more. Signing in is all it takes and it is free; "
            "sharing, inviting, following or buying adds no chance and changes no odds.",
        )
    ]
    for prize in settings.prizes:
        name = offers[prize.offer]
        said.append(
            Words(
                f"「{name.zh}」：每次抽奖中奖概率 {_percent(prize.odds_ppm)}"
                f"（百万分之 {prize.odds_ppm}）。",
                f"“{name.en}”: {_percent(prize.odds_ppm)} on each draw ({prize.odds_ppm} in a "
                "million).",
            )
        )
    none = ODDS_ONE - sum(prize.odds_ppm for prize in settings.prizes)
    said += [
        Words(
            f"未中奖概率 {_percent(none)}。某种奖品发完后，抽到它的区间即为未中奖，其余奖品概率不变。",
            f"No prize: {_percent(none)}. Once a prize is all given, its range wins nothing and "
            "the odds of the others stay as they are.",
        ),
        *DRAWN_IN_THE_OPEN,
        Words(
            "领奖：中奖后奖品立即发放到「我的」，无需另行申领；按奖品说明的方式和有效期使用或领取，"
            "逾期未用视为放弃。",
            "A prize is under “Mine” at once, nothing has to be claimed; use or collect it as its "
            "terms say while it is valid, after that it is forfeited.",
        ),
    ]
    return said


def mechanisms(settings: LotterySettings) -> list[Mechanism]:
    """Return every causal link from an event to a benefit: one's own draws, and nothing else."""
    most = min(settings.draws_per_person, settings.wins_per_person)
    return [
        Mechanism(f"prizes[{place}].offer", "drawn", "self", "self", prize.offer, 0, most)
        for place, prize in enumerate(settings.prizes)
    ]


def disclosures(settings: LotterySettings) -> Disclosures:
    """Return what the rules of chance look at. Odds below a basis point are told as one."""
    prizes = tuple(
        PrizeTerms(f"prizes[{place}]", prize.offer, max(1, prize.odds_ppm // 100))
        for place, prize in enumerate(settings.prizes)
    )
    return Disclosures(draws=(DrawTerms("prizes", prizes, settings.draws_per_person),))


def most_cost(settings: LotterySettings, costs: Mapping[str, int], people: int) -> int:
    """Return a sum that `people` persons cannot exceed: everybody always draws the dearest prize."""
    dearest = max((costs.get(prize.offer, 0) for prize in settings.prizes), default=0)
    return max(0, people) * min(settings.draws_per_person, settings.wins_per_person) * dearest


def _percent(ppm: int) -> str:
    """Return parts per million as a percentage without idle zeros."""
    text = f"{ppm // 10_000}.{ppm % 10_000:04d}".rstrip("0").rstrip(".")
    return f"{text}%"
