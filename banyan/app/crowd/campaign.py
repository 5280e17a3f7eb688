"""The campaigns a crowd takes part in: everybody new counts, and the money lasts."""

from datetime import datetime, timedelta
from typing import Any

from banyan.app.crowd.merchant import Merchant

HOST = {"name": "山茶咖啡", "contact": "021-6000 0000"}
CHANNELS = ["wechat_group", "moments", "official_account", "offline", "douyin", "web"]
TERMS = {
    "zh": "到店出示即可使用，每次消费限用一张，不可兑换现金。",
    "en": "Show it in the shop; one per visit; not exchangeable for cash.",
}


async def open_campaign(merchant: Merchant, begins: datetime, ends: datetime, people: int) -> str:
    """Make a referral live at `begins` for a crowd of `people`, and return its id."""
    return await merchant.announce(referral("人群试跑", ends, people), begins)


def referral(name: str, ends: datetime, people: int) -> dict[str, Any]:
    """Return a referral for the web: the friend gets a coupon at once, the host one a tier."""
    return {
        "name": name,
        "goal": {"metric": "new_people", "target": people},
        "strategy": "先请新朋友喝第一杯，再谢带朋友来的人。",
        "period": {"starts_at": None, "ends_at": (ends + timedelta(days=14)).isoformat()},
        "budget": {"total_minor": 3000 * people, "per_day_minor": None, "warn_at_bps": 8000},
        "play": {
            "key": "referral",
            "settings": {
                "tiers": [
                    {"people": 1, "offer": "latte"},
                    {"people": 3, "offer": "beans"},
                ],
                "friend_offer": "first",
                "reward_cap_per_person": 3,
                "new_people_only": True,
            },
        },
        "offers": [
            coupon("latte", "拿铁一杯", "A latte", 2200, 700),
            coupon("beans", "挂耳咖啡一盒", "A box of drip bags", 4800, 1900),
            coupon("first", "第一杯减 11 元", "11 off the first cup", 1100, 350),
        ],
        "surfaces": ["own_web"],
        "channels": CHANNELS,
        "page": page("请朋友喝杯咖啡", "A cup for a friend", "你一杯，我一杯", "One each", "leaf"),
        "host": HOST,
    }


def assist(name: str, ends: datetime, people: int) -> dict[str, Any]:
    """Return an assist for the web: three friends together unlock a cake."""
    return {
        "name": name,
        "goal": {"metric": "participants", "target": people},
        "period": {"starts_at": None, "ends_at": (ends + timedelta(days=10)).isoformat()},
        "budget": {"total_minor": 2500 * people, "per_day_minor": None, "warn_at_bps": 8000},
        "play": {
            "key": "assist",
            "settings": {
                "helpers_needed": 3,
                "offer": "cake",
                "helper_offer": "points",
                "hours_to_finish": 72,
                "new_people_only": False,
                "helps_per_person": 3,
                "quests_per_person": 1,
            },
        },
        "offers": [
            coupon("cake", "巴斯克蛋糕一份", "A Basque cheesecake", 3200, 1200),
            {
                "key": "points",
                "kind": "points",
                "name": {"zh": "山茶积分", "en": "Camellia points"},
                "points": 50,
                "cost_minor": 50,
                "valid_days": 365,
                "terms": {
                    "zh": "自领取之日起 365 天内有效，可在店内兑换饮品，不可兑换现金。",
                    "en": "Valid for 365 days; exchange them for drinks in the shop, not for cash.",
                },
            },
        ],
        "surfaces": ["own_web"],
        "channels": CHANNELS,
        "page": page(
            "三位好友，解锁蛋糕", "Three friends, one cake", "72 小时内", "72 hours", "sun"
        ),
        "host": HOST,
    }


def coupon(key: str, zh: str, en: str, value_minor: int, cost_minor: int) -> dict[str, Any]:
    """Return a coupon as a definition says it."""
    return {
        "key": key,
        "kind": "coupon",
        "name": {"zh": zh, "en": en},
        "value_minor": value_minor,
        "cost_minor": cost_minor,
        "quantity": None,
        "valid_days": 30,
        "terms": TERMS,
    }


def page(zh: str, en: str, below_zh: str, below_en: str, theme: str) -> dict[str, Any]:
    """Return a page with the blocks every play needs."""
    kinds = ("hero", "prize", "progress", "action", "friends", "rules")
    return {
        "theme": theme,
        "title": {"zh": zh, "en": en},
        "subtitle": {"zh": below_zh, "en": below_en},
        "blocks": [{"kind": kind} for kind in kinds],
    }
