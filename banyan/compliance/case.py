"""The case: a campaign as the judge sees it, only structure, values and words.

Steps and edges are the journey of a participant; triggers are the causal links from an event to a
reward. "Shared" is not an event: no platform tells whether a share was completed, so nothing here
can say it (WX-14).
"""

from typing import Annotated, Final, Literal, get_args

import msgspec

__all__ = [
    "EVENTS",
    "SURFACES",
    "Case",
    "Copy",
    "Edge",
    "Event",
    "Lottery",
    "Price",
    "Reward",
    "Step",
    "StepKind",
    "Trigger",
]

SURFACES: Final = (
    "own_web",
    "wechat_h5",
    "mini_program",
    "official_account",
    "wecom",
    "douyin",
    "app",
    "in_store",
)

Event = Literal[
    "visited",
    "registered",
    "joined",
    "followed",
    "added_contact",
    "joined_group",
    "submitted",
    "assisted",
    "collected",
    "checked_in",
    "drawn",
    "grabbed",
    "ordered",
    "order_settled",
    "stayed",
    "scanned",
]

EVENTS: Final[tuple[str, ...]] = get_args(Event)

StepKind = Literal[
    "view",
    "login",
    "start",
    "share_prompt",
    "follow",
    "add_contact",
    "join_group",
    "submit_form",
    "assist",
    "collect",
    "check_in",
    "draw",
    "pay",
    "leave_app",
    "download",
    "reward",
]

Count = Annotated[int, msgspec.Meta(ge=0)]


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One node of the journey."""

    key: str
    kind: StepKind


class Edge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From one step to the next; with `gate` the next cannot be reached without this one."""

    source: str
    target: str
    gate: bool = False


class Trigger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`actor` does `event`, therefore `beneficiary` gets `reward` (a reward's key; None: nothing).

    `depth` counts the invitations between the two (0: a person's own act). `most_per_person` is the
    most times one beneficiary gets it, None without end. `people` is how many actors it takes.
    """

    path: str
    event: Event
    actor: Literal["self", "friend"]
    beneficiary: Literal["inviter", "friend", "self"]
    reward: str | None
    depth: Count = 1
    most_per_person: Count | None = 1
    people: Annotated[int, msgspec.Meta(ge=1)] = 1


class Reward(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is given. `terms` says scope and conditions of use; `valid_days` until when."""

    key: str
    kind: Literal["coupon", "points", "cash", "gift", "commission", "level", "content"]
    value_minor: Count = 0
    valid_days: Count | None = None
    terms: str = ""
    path: str = ""


class Lottery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Chance: the dearest prize, and what gives further chances."""

    top_prize_minor: Count = 0
    chances_from: tuple[Event, ...] = ()
    path: str = "lottery"


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A price compared with an earlier one."""

    path: str
    claimed_reference_minor: Count
    lowest_in_7_days_minor: Count


class Copy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that people will read."""

    path: str
    text: str
    ai_generated: bool = False
    ai_labelled: bool = False


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole campaign. A surface that is not known is judged as the strictest one."""

    surfaces: tuple[str, ...]
    jurisdiction: str = "CN"
    steps: tuple[Step, ...] = ()
    edges: tuple[Edge, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    rewards: tuple[Reward, ...] = ()
    levels: Count = 1
    join_fee_minor: Count = 0
    required_purchase: bool = False
    lottery: Lottery | None = None
    prices: tuple[Price, ...] = ()
    copy: tuple[Copy, ...] = ()
    host_name: str = ""
    host_contact: str = ""
    order_value_minor: Count | None = None
