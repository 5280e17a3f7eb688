"""The moment at which tests of invitations stand, and a campaign before birthdays around it."""

from datetime import UTC, datetime
from typing import Any

from tests.stage import ASSIST

NOON = datetime(2028, 2, 21, 4, tzinfo=UTC)
"""Twelve o'clock in Shanghai, a week before the 28th; 2028 is a leap year."""
_ALWAYS: dict[str, Any] = ASSIST
NEAR = _ALWAYS | {"settings": _ALWAYS["settings"] | {"birthday_days": 7}}
"""The play of a campaign that begins in the week before a birthday."""
