"""Analytics: what became of one word, counted: funnel, tree, K, live numbers.

Owns:   the analytics store (events, telemetry), which can be dropped and filled again at any time
Calls:  links (the form of telemetry records), rewards (the budget), people (masked names)
Events: none; it tells `banyan_live` which campaigns and quests changed
"""

from banyan.analytics.asking import (
    clicks_of,
    effects_of,
    growth_of,
    numbers_of,
    rebuild,
    series_of,
    tree_of,
    use_owner,
)
from banyan.analytics.growth import Growth, measure
from banyan.analytics.measures import MEASURES, Measure
from banyan.analytics.numbers import Budget, Effect, Numbers, SeriesPoint, Tree
from banyan.analytics.owner import LIVE_CHANNEL, own
from banyan.analytics.refusals import ANALYTICS_DOWN

__all__ = [
    "ANALYTICS_DOWN",
    "LIVE_CHANNEL",
    "MEASURES",
    "Budget",
    "Effect",
    "Growth",
    "Measure",
    "Numbers",
    "SeriesPoint",
    "Tree",
    "clicks_of",
    "effects_of",
    "growth_of",
    "measure",
    "numbers_of",
    "own",
    "rebuild",
    "series_of",
    "tree_of",
    "use_owner",
]
