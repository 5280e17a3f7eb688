"""The public rules, generated from the definition that is executed (LAW-17): never typed by hand."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from banyan.campaigns.definition import Definition
from banyan.campaigns.offer_words import offer_words, refund_words
from banyan.campaigns.problems import settings_of
from banyan.plays import PLAYS, SellingPlay, Words

__all__ = ["RulesText", "rules_text"]


class RulesText(msgspec.Struct, frozen=True):
    """The same sentences, in the same order, in both languages."""

    zh: tuple[str, ...]
    en: tuple[str, ...]


def rules_text(definition: Definition, timezone: str = "Asia/Shanghai") -> RulesText:
    """Return the rules of a definition without problems; times are told in `timezone`."""
    said = [
        *_host(definition),
        _period(definition, ZoneInfo(timezone)),
        *_play(definition),
        *_offers(definition),
        *_limits(definition),
        *_terms(definition),
    ]
    return RulesText(tuple(one.zh for one in said), tuple(one.en for one in said))


def _offers(definition: Definition) -> list[Words]:
    used = set(PLAYS[definition.play.key].offers(settings_of(definition)).values())
    given = [offer for offer in definition.offers if offer.key in used]
    said = [offer_words(offer) for offer in given]
    return [*said, refund_words()] if any(offer.kind == "coupon" for offer in given) else said


def _host(definition: Definition) -> list[Words]:
    host = definition.host
    said: list[Words] = []
    if host.name:
        said.append(Words(f"主办方：{host.name}。", f"Host: {host.name}."))
    if host.contact:
        said.append(
            Words(f"咨询与投诉：{host.contact}。", f"Questions and complaints: {host.contact}.")
        )
    return said


def _period(definition: Definition, zone: ZoneInfo) -> Words:
    ends = definition.period.ends_at.astimezone(zone)
    starts = definition.period.starts_at
    if starts is None:
        return Words(
            f"活动时间：自发布起至 {_zh(ends)}（不含）。",
            f"Period: from publication until {_en(ends)} (exclusive), {zone.key}.",
        )
    begins = starts.astimezone(zone)
    return Words(
        f"活动时间：{_zh(begins)} 至 {_zh(ends)}（不含）。",
        f"Period: from {_en(begins)} until {_en(ends)} (exclusive), {zone.key}.",
    )


def _play(definition: Definition) -> list[Words]:
    play = PLAYS[definition.play.key]
    names = {
        offer.key: Words(offer.name.zh, offer.name.en or offer.name.zh)
        for offer in definition.offers
    }
    return play.rules(settings_of(definition), names)


def _limits(definition: Definition) -> list[Words]:
    days = definition.attribution_days
    said = [
        Words(
            f"打开邀请链接后 {days} 天内参加的，算作由该链接带来；时间以服务器为准。",
            f"Who takes part within {days} days of opening an invitation came by it; the server's "
            "clock decides.",
        )
    ]
    if not definition.offers:
        pass  # A sale may have a price and no prize.
    elif definition.budget.per_day_minor is not None:
        said.append(
            Words(
                "奖品总量和每日发放量有限，当日发完的次日继续，全部发完即止；"
                "未能发放的会在「我的」中说明原因。",
                "Rewards are limited in all and for each day; what a day lacks goes on the next, "
                "until all are given. “Mine” says why one was not given.",
            )
        )
    else:
        said.append(
            Words(
                "奖品总量有限，发完即止；未能发放的会在「我的」中说明原因。",
                "Rewards are limited and end when all are given; “Mine” says why one was not given.",
            )
        )
    if isinstance(PLAYS[definition.play.key], SellingPlay):
        said.append(
            Words(
                "是否购买由您决定；手机号只用于确认身份和处理订单，"
                "不会展示给邀请您的人或您邀请的人。",
                "Whether to buy is up to you. Your number only tells who you are and serves your "
                "order; nobody who invites you or is invited by you sees it.",
            )
        )
        return said
    said.append(
        Words(
            "参加免费，无需购买。手机号只用于确认身份和发放奖品，不会展示给邀请您的人或您邀请的人。",
            "Taking part is free and needs no purchase. Your number only tells who you are and "
            "brings you your reward; nobody who invites you or is invited by you sees it.",
        )
    )
    return said


def _terms(definition: Definition) -> list[Words]:
    terms = definition.terms
    if not (terms.zh or terms.en):
        return []
    return [Words(terms.zh or terms.en, terms.en or terms.zh)]


def _zh(at: datetime) -> str:
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


def _en(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
