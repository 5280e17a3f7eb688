"""What the phone says of friends who came and do not count yet: how many, and what for."""

from collections import Counter
from typing import Final, Literal
from uuid import UUID

from banyan.plays.play import Note
from banyan.plays.referral.progress import ReferralFriend, ReferralProgress
from banyan.plays.referral.quality import waiting
from banyan.plays.referral.settings import ReferralSettings
from banyan.plays.words import Words, some

__all__ = ["by_friend", "notes"]

Wait = Literal["waits_order", "waits_delivery", "waits_return", "waits_stay"]


def notes(settings: ReferralSettings, progress: ReferralProgress) -> tuple[Note, ...]:
    """Return how many came, and how many of them wait for what; nothing where coming counts."""
    if settings.counts_when == "registered":
        return ()
    found = Counter(_wait(settings, friend) for friend in waiting(progress))
    said = [Note("brought", Words("位朋友来了", "friends came"), progress.people + found.total())]
    said += [Note(wait, _words(settings, wait), found[wait]) for wait in _ORDER if found[wait]]
    return tuple(said)


def by_friend(settings: ReferralSettings, progress: ReferralProgress) -> dict[UUID, Words]:
    """Return what each friend who does not count yet waits for."""
    return {one.who: _words(settings, _wait(settings, one)) for one in waiting(progress)}


_ORDER: Final[tuple[Wait, ...]] = ("waits_order", "waits_delivery", "waits_return", "waits_stay")


def _wait(settings: ReferralSettings, friend: ReferralFriend) -> Wait:
    if settings.counts_when == "stayed_n_days":
        return "waits_stay"
    if friend.order is None:
        return "waits_order"
    return "waits_delivery" if friend.due is None else "waits_return"


def _words(settings: ReferralSettings, wait: Wait) -> Words:
    days = settings.waits.days
    return {
        "waits_order": Words("还没有付款下单", "has not ordered yet"),
        "waits_delivery": Words("已下单，等签收", "has ordered, waits for delivery"),
        "waits_return": Words(
            f"已签收，满 {days} 天没有退款就算",
            f"counts {some(days, 'day')} after delivery, if not refunded",
        ),
        "waits_stay": Words(
            f"留满 {days} 天就算", f"counts after {some(days, 'day')}, if they stay"
        ),
    }[wait]
