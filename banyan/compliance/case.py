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
    "Branch",
    "Case",
    "Commission",
    "Copy",
    "DataUse",
    "Edge",
    "Edit",
    "Event",
    "Lottery",
    "Packet",
    "Payout",
    "Price",
    "Prize",
    "Reward",
    "SoldGood",
    "Step",
    "StepKind",
    "Team",
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
    "watched",
    "answered",
    "pledged",
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
    """What is given. `terms` says scope and conditions of use; `valid_days` until when.

    `shown_value_minor` is the price now, where it is known and the value is shown beside it;
    `tax` is how money paid out is taxed: `labour` (work done), `occasional` (chance), `exempt`.
    """

    key: str
    kind: Literal["coupon", "points", "cash", "gift", "commission", "level", "content"]
    value_minor: Count = 0
    valid_days: Count | None = None
    terms: str = ""
    path: str = ""
    name: str | None = None
    shown_value_minor: Count | None = None
    tax: Literal["", "labour", "occasional", "exempt"] = ""


class Prize(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A prize as it is published. `odds_ppm` are parts per million of one draw."""

    path: str
    name: str
    value_minor: Count | None = None
    quantity: Count | None = None
    odds_ppm: Count | None = None
    claim_days: Count | None = None
    terms: str = ""


class Lottery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Chance: the dearest prize, what gives further chances, and what is published.

    `look` is how the phone shows it; `predetermined` counts winners fixed beforehand; `committed`:
    the seed is committed to before and revealed after; `kept_days`: how long draws are kept.
    `odds_agree`: whether what was drawn agrees with the published odds; None: too few draws to say.
    """

    top_prize_minor: Count = 0
    chances_from: tuple[str, ...] = ()
    path: str = "lottery"
    prizes: tuple[Prize, ...] = ()
    look: Literal["wheel", "grid", "list"] = "list"
    predetermined: Count = 0
    committed: bool = True
    kept_days: Count = 731
    odds_agree: bool | None = None


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A price compared with an earlier one, said at `path`.

    `listed_before_minor` is the lowest price it was offered at in the week before the start;
    `teaser_minor` what pictures and headlines say, `checkout_minor` the least anybody pays.
    `shown_minor` is what it costs now without the campaign, `campaign_minor` the most with it.
    Where words claim the earlier price or tease, they stand there with their place.
    """

    path: str
    claimed_reference_minor: Count
    lowest_in_7_days_minor: Count
    listed_before_minor: Count | None = None
    teaser_minor: Count | None = None
    checkout_minor: Count | None = None
    lowest_in_30_days_minor: Count | None = None
    shown_minor: Count | None = None
    campaign_minor: Count | None = None
    claimed_at: str = ""
    claimed_words: str = ""
    teaser_at: str = ""
    teaser_words: str = ""


class Team(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Buying as a team. `by_chance`: who gets what, or at which price, is drawn."""

    path: str
    size: Count | None = None
    hours: Count | None = None
    price_minor: Count | None = None
    refund_on_fail: bool = False
    by_chance: bool = False


class Packet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Cash given in parts: the least and the most of one part."""

    path: str
    least_minor: Count
    most_minor: Count


class Payout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How cash leaves for people, in minor units: the most of one day, by what, whose account pays.

    `scene` is the number under which the provider registered what is paid for, "" for none;
    `day_quota_minor` is what the provider lets the merchant transfer in a day.
    """

    path: str
    person_day_count: Count
    person_day_minor: Count
    day_minor: Count
    methods: tuple[str, ...] = ()
    scene: str = ""
    day_quota_minor: Count = 10_000_000
    own_account: bool = True


class DataUse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data about people and what it is used for.

    `source`: `person` says it here, `own` are the merchant's own records, `platform` gives it on a
    page of its own. `needed_by` is the step that cannot do without it, `asked_at` the step at which
    it is asked for; `refusable`: who says no goes on with everything else.
    """

    path: str
    data: Literal["phone", "profile", "location", "birthday", "behaviour", "orders"]
    source: Literal["person", "own", "platform"]
    use: Literal["login", "play", "eligibility", "marketing", "delivery"]
    needed_by: str = ""
    asked_at: str = ""
    refusable: bool = True
    deleted_on_stop: bool = True
    """Whether it goes when the merchant stops using the platform's capability."""


class Commission(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Commission on an order, for `levels` persons. `booked`: each is posted to a ledger."""

    path: str
    rate_bps: Count
    hold_days: Count = 0
    levels: Annotated[int, msgspec.Meta(ge=1)] = 1
    approval: str = ""
    needs_purchase: bool = False
    booked: bool = True


class Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change of an announced campaign."""

    path: str
    is_favourable: bool


class Copy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that people will read."""

    path: str
    text: str
    ai_generated: bool = False
    ai_labelled: bool = False


class SoldGood(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A good as one campaign sells it: every price it has there, or a coupon's value and shares.

    `key` is the same wherever it is the same good.
    """

    key: str
    name: str
    terms: tuple[tuple[int, ...], ...]


class Branch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A campaign as one branch of a path: whoever is of a kind is led to it, and to no other."""

    path: str
    name: str
    goods: tuple[SoldGood, ...] = ()


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
    teams: tuple[Team, ...] = ()
    packets: tuple[Packet, ...] = ()
    commissions: tuple[Commission, ...] = ()
    payouts: tuple[Payout, ...] = ()
    data_uses: tuple[DataUse, ...] = ()
    is_quiz: bool = False
    shows_code: bool = False
    """The page shows a code to be scanned."""
    edits: tuple[Edit, ...] = ()
    branches: tuple[Branch, ...] = ()
    """The branches of one path, where a path is judged and not a campaign."""
    chain_levels: Count = 0
    """The longest chain of people that was really paid on one order, the organiser included."""
    chain_people: Count = 0
    rules_shown: str = ""
    """Hash of the rules that participants read."""
    rules_executed: str = ""
    """Hash of the rules that are carried out."""
    answers: tuple[str, ...] = ()
    """What no machine can know and the merchant has answered for: keys of `QUESTIONS`."""
