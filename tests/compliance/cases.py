"""Cases to judge: a clean one, and what differs from it in one field."""

from typing import Any

import msgspec

from banyan.compliance import (
    QUESTIONS,
    Branch,
    Case,
    Commission,
    Copy,
    Edge,
    Lottery,
    Packet,
    Price,
    Prize,
    Reward,
    SoldGood,
    Step,
    Team,
    Trigger,
)

Pair = tuple[Case, Case]

TERMS = "满 30 元可用，每单限用一张"
CLEAN = Case(
    surfaces=("own_web",),
    steps=(Step("view", "view"), Step("share", "share_prompt"), Step("get", "reward")),
    edges=(Edge("view", "get"), Edge("view", "share")),
    rewards=(
        Reward("five", "coupon", 500, 30, TERMS, "offers[0]"),
        Reward("cash", "commission", 1500, 30, "", "offers[1]"),
    ),
    triggers=(Trigger("t[0]", "registered", "self", "self", "five", depth=0),),
    host_name="榕树咖啡",
    host_contact="400-000-0000",
    order_value_minor=10_000,
    answers=tuple(QUESTIONS),
)


def with_(**changes: Any) -> Case:
    return msgspec.structs.replace(CLEAN, **changes)


def trigger(event: str, actor: str = "friend", to: str = "inviter", **changes: Any) -> Case:
    plain: dict[str, Any] = {"reward": "five", **changes}
    surfaces = plain.pop("surfaces", ("wechat_h5",))
    one = Trigger("t[0]", event, actor, to, **plain)  # type: ignore[arg-type]
    return with_(surfaces=surfaces, triggers=(one,))


def asked(case: Case, key: str) -> Pair:
    """The same case with everything answered for but `key`, and with that as well."""
    others = tuple(one for one in QUESTIONS if one != key)
    return msgspec.structs.replace(case, answers=others), case


def on(case: Case, *surfaces: str) -> Case:
    return msgspec.structs.replace(case, surfaces=surfaces)


def gate(kind: str, surface: str, *, target: str = "reward", shut: bool = True) -> Case:
    steps = (Step("here", kind), Step("there", target))  # type: ignore[arg-type]
    return with_(surfaces=(surface,), steps=steps, edges=(Edge("here", "there", gate=shut),))


def gates(kind: str, *surfaces: str, target: str = "reward") -> list[Pair]:
    return [
        (gate(kind, one, target=target), gate(kind, one, target=target, shut=False))
        for one in surfaces
    ]


def says(bad: str, good: str, surface: str = "mini_program") -> Pair:
    def case(text: str) -> Case:
        return with_(surfaces=(surface,), copy=(Copy("page.title.zh", text),))

    return case(bad), case(good)


TEAM = Team("tiers[0]", 3, 24, 990, refund_on_fail=True)
PRIZE = Prize("prizes[0]", "一等奖", 100_000, 3, 500, 30, TERMS)
PACKET = Packet("play.settings", 100, 20_000)
COMMISSION = Commission("rate", 1_000, 10)
PRICE = Price("p", 2_000, 2_000)


def team(*surfaces: str, **changes: Any) -> Case:
    one = msgspec.structs.replace(TEAM, **changes)
    return with_(surfaces=surfaces or ("wechat_h5",), teams=(one,))


def draw(**changes: Any) -> Case:
    told: dict[str, Any] = {"prizes": (PRIZE,), **changes}
    return with_(lottery=Lottery(100, **told))


def prize(**changes: Any) -> Case:
    return draw(prizes=(msgspec.structs.replace(PRIZE, **changes),))


def packet(**changes: Any) -> Case:
    return with_(packets=(msgspec.structs.replace(PACKET, **changes),))


def commission(*surfaces: str, **changes: Any) -> Case:
    one = msgspec.structs.replace(COMMISSION, **changes)
    return with_(surfaces=surfaces or ("own_web",), commissions=(one,))


def price(**changes: Any) -> Case:
    return with_(prices=(msgspec.structs.replace(PRICE, **changes),))


def reward(**changes: Any) -> Case:
    gift = Reward("five", "gift", 500, 30, TERMS, "offers[0]", "马克杯")
    return with_(rewards=(msgspec.structs.replace(gift, **changes),))


def cash(tax: str, value_minor: int = 1_500, kind: str = "cash") -> Case:
    one = Reward("five", kind, value_minor, 30, "", "offers[0]", tax=tax)  # type: ignore[arg-type]
    return with_(surfaces=("mini_program",), rewards=(one,))


def quiz(surface: str, *, is_quiz: bool) -> Case:
    return with_(surfaces=(surface,), is_quiz=is_quiz)


def form(kind: str, *surfaces: str) -> Case:
    return with_(surfaces=surfaces or ("douyin",), steps=(Step("form", kind),))  # type: ignore[arg-type]


Terms = tuple[tuple[int, ...], ...]


def path(*branches: dict[str, Terms]) -> Case:
    """Branches of a path, each by what it sells on which terms."""
    return with_(
        branches=tuple(
            Branch(
                f"branches[{nth}]",
                f"campaign {nth}",
                tuple(SoldGood(key, f"good {key}", terms) for key, terms in sells.items()),
            )
            for nth, sells in enumerate(branches)
        )
    )
