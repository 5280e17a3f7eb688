"""Friends who count only by an order or by staying: they wait, count, and may be uncounted again.

A friend counts from `due` on, and for good once the time to undo it is over as well. Both are
moments of the rule, not of the clock that happens to look: told late, it comes to the same.
"""

from datetime import datetime
from typing import Final

import msgspec

from banyan.plays.effects import Effect, Refuse, Reverse, WakeAt
from banyan.plays.facts import Ordered, Qualified, Refunded, Withdrawn
from banyan.plays.referral.counting import Outcome, counted, uncounted
from banyan.plays.referral.progress import ReferralFriend, ReferralProgress
from banyan.plays.referral.settings import ReferralSettings

__all__ = ["came", "delivered", "left", "matured", "ordered", "refunded", "waiting"]

NOT_APPLICABLE: Final = Refuse("not_applicable")
DONE: Final = Refuse("done_already")
OVER: Final = Refuse("quest_over")

DELIVERED: Final = "delivered"


def waiting(progress: ReferralProgress) -> list[ReferralFriend]:
    """Return who has come and does not count yet."""
    return [friend for friend in progress.friends if not friend.is_counted]


def came(
    settings: ReferralSettings, progress: ReferralProgress, friend: ReferralFriend, now: datetime
) -> Outcome:
    """Let a friend who came begin to wait."""
    if settings.counts_when == "ordered":
        return _with(progress, friend), []
    due = now + settings.waits
    return _with(progress, msgspec.structs.replace(friend, due=due)), [WakeAt(due)]


def ordered(
    settings: ReferralSettings, progress: ReferralProgress, fact: Ordered, now: datetime
) -> Outcome:
    """Hear of an order a friend has paid: the first one that is enough is the one that counts."""
    friend = next((one for one in progress.friends if one.who == fact.by), None)
    if settings.counts_when != "ordered" or friend is None:
        return progress, [NOT_APPLICABLE]
    if friend.order is not None:
        return progress, [DONE]
    if progress.is_over:
        return progress, [OVER]
    if fact.amount_minor < (settings.least_order_minor or 1):
        return progress, [NOT_APPLICABLE]
    bought = msgspec.structs.replace(friend, order=fact.order, paid_minor=fact.amount_minor)
    if settings.waits:
        return _with(progress, bought), []
    bought = msgspec.structs.replace(bought, due=now)
    return matured(settings, _with(progress, bought), now)


def delivered(
    settings: ReferralSettings, progress: ReferralProgress, fact: Qualified, now: datetime
) -> Outcome:
    """From the delivery on the time runs in which the order may be returned."""
    friend = _of_order(progress, fact.cause)
    if friend is None or fact.step != DELIVERED:
        return progress, [NOT_APPLICABLE]
    if friend.due is not None:
        return progress, [DONE]
    due = now + settings.waits
    return _with(progress, msgspec.structs.replace(friend, due=due)), [WakeAt(due)]


def refunded(
    settings: ReferralSettings, progress: ReferralProgress, fact: Refunded, now: datetime
) -> Outcome:
    """Money went back: where too little is left, the order counts no more, and another one may."""
    friend = _of_order(progress, fact.order)
    if friend is None:
        return progress, [NOT_APPLICABLE]
    left_minor = max(0, friend.paid_minor - fact.amount_minor)
    after = _with(progress, msgspec.structs.replace(friend, paid_minor=left_minor))
    if left_minor >= (settings.least_order_minor or 1) or _is_final(settings, friend, now):
        return after, []
    after, effects = _undone(settings, after, friend)
    return (_without(after, friend) if after.is_over else _with(after, _anew(friend))), effects


def left(
    settings: ReferralSettings, progress: ReferralProgress, fact: Withdrawn, now: datetime
) -> Outcome:
    """A friend leaves: they count no more, and their own offer goes back, unless it is too late."""
    friend = next((one for one in progress.friends if one.who == fact.by), None)
    if progress.quest is None or friend is None or _is_final(settings, friend, now):
        return progress, []
    after, effects = _undone(settings, progress, friend)
    if settings.friend_offer is not None:
        effects.insert(0, Reverse("friend", fact.by, progress.quest))
    return _without(after, friend), effects


def matured(settings: ReferralSettings, progress: ReferralProgress, now: datetime) -> Outcome:
    """Count whoever is due, and forget whoever counts for good."""
    effects: list[Effect] = []
    starter, quest = progress.starter, progress.quest
    if starter is None or quest is None:
        return progress, effects
    for friend in sorted(waiting(progress), key=lambda one: (one.due or now, one.who)):
        if friend.due is not None and friend.due <= now and not progress.is_over:
            progress, earned = counted(
                settings, progress, starter, quest, friend.order or friend.who
            )
            progress = _with(progress, msgspec.structs.replace(friend, is_counted=True))
            effects += earned
    kept = tuple(
        friend
        for friend in progress.friends
        if not (friend.is_counted and _is_final(settings, friend, now))
    )
    if len(kept) < len(progress.friends):
        progress = msgspec.structs.replace(progress, friends=kept)
    return progress, effects


def _undone(
    settings: ReferralSettings, progress: ReferralProgress, friend: ReferralFriend
) -> Outcome:
    starter, quest = progress.starter, progress.quest
    if not friend.is_counted or starter is None or quest is None:
        return progress, []
    return uncounted(settings, progress, starter, quest, friend.order or friend.who)


def _is_final(settings: ReferralSettings, friend: ReferralFriend, now: datetime) -> bool:
    """Whether nothing takes this friend back any more."""
    return friend.due is not None and now >= friend.due + settings.undoes


def _anew(friend: ReferralFriend) -> ReferralFriend:
    return ReferralFriend(friend.who)


def _of_order(progress: ReferralProgress, order: object) -> ReferralFriend | None:
    return next((one for one in progress.friends if one.order == order), None)


def _with(progress: ReferralProgress, friend: ReferralFriend) -> ReferralProgress:
    """Put a friend in their own place, or at the end."""
    friends = tuple(friend if one.who == friend.who else one for one in progress.friends)
    if all(one.who != friend.who for one in friends):
        friends = (*friends, friend)
    return msgspec.structs.replace(progress, friends=friends)


def _without(progress: ReferralProgress, friend: ReferralFriend) -> ReferralProgress:
    friends = tuple(one for one in progress.friends if one.who != friend.who)
    return msgspec.structs.replace(progress, friends=friends)
