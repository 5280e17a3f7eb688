"""Starting shortly before one's birthday: what plays that ask for it have in common."""

from typing import Annotated, Final, Protocol

from banyan.plays.effects import Refuse
from banyan.plays.facts import Started
from banyan.plays.schema import field
from banyan.plays.words import Words, some

__all__ = ["BirthdayDays", "birthday_refusal", "birthday_rules"]

BirthdayDays = Annotated[
    int,
    field(
        "生日前几天可发起",
        "Days before a birthday",
        ge=0,
        le=60,
        help_zh="只有生日在这几天内的人可以发起；留空表示不限",
        help_en="Only who has their birthday within so many days may start; empty: anybody",
    ),
]
UNKNOWN: Final = Refuse("birthday_unknown")
NOT_NEAR: Final = Refuse("birthday_not_near")


class _Dated(Protocol):
    @property
    def birthday_days(self) -> int | None: ...


def birthday_refusal(settings: _Dated, fact: Started) -> Refuse | None:
    """Return why a quest cannot be started by the birthday of who starts it; None: it can."""
    if settings.birthday_days is None:
        return None
    if fact.days_to_birthday is None:
        return UNKNOWN
    return NOT_NEAR if fact.days_to_birthday > settings.birthday_days else None


def birthday_rules(settings: _Dated) -> list[Words]:
    """Say who may start; nothing where anybody may."""
    days = settings.birthday_days
    if days is None:
        return []
    when = (
        Words(f"生日前 {days} 天内（含当天）", f"within {some(days, 'day')} before your birthday")
        if days
        else Words("生日当天", "on your birthday")
    )
    return [
        Words(
            f"{when.zh}可以发起；生日由您自愿填写，只用于此，不收集年份，可随时删除。",
            f"You may start {when.en}. You tell us your birthday if you like, for this alone, "
            "without the year, and can delete it at any time.",
        )
    ]
