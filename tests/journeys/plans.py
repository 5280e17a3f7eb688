"""Definitions the journeys start from: allowed by every rule in force."""

from datetime import datetime, timedelta
from typing import Any


def offer(key: str, value_minor: int, quantity: int | None = 1000) -> dict[str, Any]:
    return {
        "key": key,
        "kind": "coupon",
        "name": {"zh": f"{key} 券", "en": f"{key} coupon"},
        "value_minor": value_minor,
        "cost_minor": value_minor,
        "quantity": quantity,
        "valid_days": 30,
        "terms": {"zh": "每次消费限用一张，不可兑换现金。", "en": "One per visit, no cash."},
    }


def referral(now: datetime, **changes: Any) -> dict[str, Any]:
    said = {
        "name": "请朋友喝拿铁",
        "period": {"starts_at": None, "ends_at": (now + timedelta(days=7)).isoformat()},
        "budget": {"total_minor": 1_000_000, "per_day_minor": None, "warn_at_bps": 8000},
        "play": {
            "key": "referral",
            "settings": {
                "tiers": [{"people": 1, "offer": "latte"}],
                "friend_offer": "half",
                "reward_cap_per_person": 3,
                "new_people_only": True,
            },
        },
        "offers": [offer("latte", 500), offer("half", 300)],
        "surfaces": ["own_web"],
        "channels": ["web"],
        "page": {
            "title": {"zh": "请朋友喝拿铁", "en": "A latte for a friend"},
            "subtitle": {"zh": "你一杯，我一杯", "en": "One for you, one for me"},
            "blocks": [{"kind": "hero"}, {"kind": "action"}, {"kind": "rules"}],
        },
        "host": {"name": "山茶咖啡", "contact": "021-6000 0000"},
    }
    return said | changes


def assist(now: datetime, needed: int = 3, **changes: Any) -> dict[str, Any]:
    play = {
        "key": "assist",
        "settings": {
            "helpers_needed": needed,
            "offer": "latte",
            "helper_offer": "half",
            "hours_to_finish": 48,
            "new_people_only": False,
            "helps_per_person": 2,
            "quests_per_person": 1,
        },
    }
    return referral(now, name="好友助力喝拿铁") | {"play": play} | changes
