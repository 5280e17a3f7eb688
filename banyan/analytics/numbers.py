"""The shapes of what analytics tells. Amounts in minor units, times in UTC, rates as fractions."""

from datetime import datetime

import msgspec

from banyan.analytics.growth import Growth


class Step(msgspec.Struct, frozen=True):
    """One step of the funnel."""

    key: str
    count: int
    rate_from_previous: float | None


class ChannelNumbers(msgspec.Struct, frozen=True):
    """One channel's effect."""

    channel: str
    clicks: int
    participants: int
    direct: int
    """Of them, who came by the channel itself and not by a friend."""
    new_people: int
    """Of them, who was new and came by a friend."""
    sharers: int
    share_rate: float | None
    conversion_rate: float | None
    k: float | None
    cost_per_new_person_minor: int | None


class RefusalCount(msgspec.Struct, frozen=True):
    """How often something did not count for one reason."""

    reason: str
    count: int


class Budget(msgspec.Struct, frozen=True):
    """The campaign's budget, from the ledger."""

    total_minor: int = 0
    spent_minor: int = 0
    day_total_minor: int | None = None
    day_spent_minor: int | None = None
    warned: bool = False


class Numbers(msgspec.Struct, frozen=True):
    """Everything the merchant watches of one campaign; `measures` defines each."""

    as_of: datetime
    """Everything that happened before this moment is in."""
    fresh_ms: int
    participants: int
    participants_last_hour: int
    sharers: int
    share_rate: float | None
    converters: int
    conversion_rate: float | None
    new_people: int
    k: Growth
    cost_minor: int
    cost_per_new_person_minor: int | None
    output_minor: int
    roi: float | None
    budget: Budget
    funnel: list[Step]
    channels: list[ChannelNumbers]
    generations: list[int]
    """Participants by generation: those who came by themselves first."""
    refusals: list[RefusalCount]


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one campaign, or of several taken together, within a period."""

    participants: int
    new_people: int
    too_few: bool
    """Fewer people than a comparison needs: K, the cost per new person and ROI are not told."""
    k: Growth
    cost_minor: int
    cost_per_new_person_minor: int | None
    output_minor: int
    roi: float | None


class SeriesPoint(msgspec.Struct, frozen=True):
    """What happened in one unit of time."""

    at: datetime
    participants: int
    clicks: int
    new_people: int


class Tree(msgspec.Struct, frozen=True):
    """Who brought whom; parents stand before their children.

    A node: id, index of its parent or -1, generation, masked name, how many it brought, joined at
    (unix seconds).
    """

    nodes: list[tuple[str, int, int, str, int, int]]
    total: int
    generations: int
