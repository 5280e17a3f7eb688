"""The same settings told to others: problems, rules text, causal links, the most they can cost."""

from collections.abc import Mapping

from banyan.plays.group_buy.settings import GroupBuySettings
from banyan.plays.play import Mechanism, Problem
from banyan.plays.words import Words, money, some

__all__ = ["mechanisms", "most_cost", "problems", "rules"]


def problems(settings: GroupBuySettings) -> list[Problem]:
    """Return what is wrong with settings whose types are right."""
    if not settings.tiers:
        return [Problem("tiers", "empty", Words("至少设一档人数与价格", "Name at least one price"))]
    found: list[Problem] = []
    for nth, (before, tier) in enumerate(zip(settings.tiers, settings.tiers[1:], strict=False), 1):
        if tier.people <= before.people:
            found.append(
                Problem(
                    f"tiers[{nth}].people",
                    "not_ascending",
                    Words("每一档的人数要比上一档多", "Each step needs more people than the last"),
                )
            )
        if tier.price_minor >= before.price_minor:
            found.append(
                Problem(
                    f"tiers[{nth}].price_minor",
                    "not_descending",
                    Words("人多一档，价格要更低", "More people must pay less"),
                )
            )
    return found


def rules(settings: GroupBuySettings, offers: Mapping[str, Words]) -> list[Words]:
    """Return the executed rule in sentences."""
    tiers, hours = settings.tiers, settings.hours_to_fill
    least, most = tiers[0], tiers[-1]
    steps_zh = "；".join(f"满 {t.people} 人每件 {money(t.price_minor)} 元" for t in tiers)
    steps_en = "; ".join(f"{t.people} people: {money(t.price_minor)} each" for t in tiers)
    said = [
        Words(
            f"开团之时起 {hours} 小时内付款人数达到 {least.people} 人即成团，"
            f"最多 {most.people} 人，满员立即成团。",
            f"A team forms when {least.people} people have paid within {some(hours, 'hour')} of its start; "
            f"with {most.people} it is full and forms at once.",
        ),
        Words(
            f"价格按成团时实际付款人数：{steps_zh}。"
            + (
                f"参团时先付每件 {money(least.price_minor)} 元，差额在成团后原路退回。"
                if len(tiers) > 1
                else ""
            ),
            f"The price goes by who has paid when it forms: {steps_en}."
            + (
                f" A member first pays {money(least.price_minor)} each; the difference goes back "
                "the way it came."
                if len(tiers) > 1
                else ""
            ),
        ),
        Words(
            "到时未成团，已付款项全额原路退回；名额在付款前先占住，超过付款时限未付的名额会让出。",
            "If no team forms in time, everything paid goes back. A seat is held before payment "
            "and given up when it is not paid in time.",
        ),
        Words(
            "付款到账时名额已让出、或团已满员、成团或结束的：下单时勾选同意改入的，改入本活动中同一商品、"
            "同一价格、正在拼且有空位的团（原来的团还有空位就仍在原团，否则先进差人最少的团），此后按新团的"
            "人数和时限计价、退差价或退款，您不会多付；没有勾选，或没有团有空位的，全额原路退回。",
            "A payment that arrives when the seat was given up, or the team is full, has formed or has "
            "ended: if you agreed to it when you ordered, you are put into another forming team of this "
            "campaign with a free seat, for the same goods at the same price (your own team if it "
            "has one, else the team that needs the fewest people); its head count and time then "
            "decide the price, the difference or the refund, and you never pay more. If you did "
            "not agree, or no team has a free seat, everything goes back.",
        ),
        Words(
            f"每人同时只能在一个进行中的团里，每团限购 {settings.most_per_order} 件，"
            f"最多可开 {settings.teams_per_person} 个团；团里只有真实付款的人。",
            f"A person is in one forming team at a time, buys up to {settings.most_per_order} in "
            f"it and may start up to {settings.teams_per_person}; a team has real buyers only.",
        ),
        Words("成团后才发货。", "Goods are sent once the team has formed."),
    ]
    if settings.leader_offer is not None:
        name = offers[settings.leader_offer]
        said.append(
            Words(
                f"成团且团长本人付款在团内的，团长得「{name.zh}」一份；团长全额退货的，奖励收回。",
                f"The leader gets one “{name.en}” when the team forms with them in it, and loses "
                "it when they give their goods back.",
            )
        )
    return said


def mechanisms(settings: GroupBuySettings) -> list[Mechanism]:
    """Return every causal link from an event to a benefit."""
    least = settings.tiers[0].people if settings.tiers else 2
    links = [Mechanism("tiers", "ordered", "self", "self", None, 0, None, least)]
    if settings.leader_offer is not None:
        links.append(
            Mechanism(
                "leader_offer",
                "ordered",
                "friend",
                "inviter",
                settings.leader_offer,
                1,
                settings.teams_per_person,
                least,
            )
        )
    return links


def most_cost(settings: GroupBuySettings, costs: Mapping[str, int], people: int) -> int:
    """Return the most: with enough people for one team, everybody's every team can form."""
    if settings.leader_offer is None or people < settings.tiers[0].people:
        return 0
    return people * settings.teams_per_person * costs.get(settings.leader_offer, 0)
