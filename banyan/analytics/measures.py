"""Every measure the product shows, defined once: served to the console, written for people."""

import msgspec


class Twin(msgspec.Struct, frozen=True):
    """Words in both languages."""

    zh: str
    en: str


class Measure(msgspec.Struct, frozen=True):
    """One number and what it means."""

    key: str
    name: Twin
    definition: Twin
    formula: str


def _measure(key: str, name: tuple[str, str], definition: tuple[str, str], formula: str) -> Measure:
    return Measure(key, Twin(*name), Twin(*definition), formula)


MEASURES = (
    _measure(
        "participants",
        ("参与人数", "Participants"),
        (
            "在活动里发起过任务或助力过好友的人，每人只算一次。",
            "People who started a quest or supported a friend's; each counted once.",
        ),
        "count(participant_joined)",
    ),
    _measure(
        "participants_last_hour",
        ("近一小时参与", "Joined in the last hour"),
        ("最近 60 分钟内首次参与的人数。", "Participants who joined within the last 60 minutes."),
        "count(participant_joined, last 60 min)",
    ),
    _measure(
        "sharers",
        ("分享人数", "Sharers"),
        (
            (
                "打开过分享面板、复制过链接、出示过二维码，或链接被人打开、带来过助力的参与者。"
                "平台不会告知是否真的发出，所以以行为和结果为准。"
            ),
            (
                "Participants who opened the share sheet, copied the link or showed the QR code, or"
                " whose link somebody opened or used. No platform reports that a share was sent."
            ),
        ),
        "distinct participants with a share act, an opened link or a support",
    ),
    _measure(
        "share_rate",
        ("分享率", "Share rate"),
        ("分享人数 ÷ 参与人数。", "Sharers ÷ participants."),
        "sharers / participants",
    ),
    _measure(
        "converters",
        ("转化人数", "Converters"),
        (
            "助力有效的人：通过好友链接来并被计入的人，每人只算一次。",
            "People whose support counted: came by a friend's link and were counted; each once.",
        ),
        "distinct supporters with counted = true",
    ),
    _measure(
        "conversion_rate",
        ("转化率", "Conversion rate"),
        (
            "转化人数 ÷ 分享人数。一个人可以带来多人，所以可以超过 100%。",
            "Converters ÷ sharers. One sharer may bring several people, so it may pass 100 %.",
        ),
        "converters / sharers",
    ),
    _measure(
        "new_people",
        ("新客人数", "New people"),
        (
            "被好友带来、此前商家不认识的参与者。",
            "Participants a friend brought whom the merchant had not known before.",
        ),
        "count(participants with a referrer and is_new_person)",
    ),
    _measure(
        "k",
        ("裂变系数 K", "K"),
        (
            (
                "平均每位参与者带来的新参与者。大于 1 才是裂变。刚参与的人还没来得及带人，"
                "按“删失”处理：只在已观察到的时长内计算，不当作没带来。区间为 95% 置信区间。"
            ),
            (
                "New participants brought per participant; only above 1 does a campaign grow by"
                " itself. Those who joined lately have not had time to bring anyone: they are"
                " censored, counted only for as long as they have been observed. The interval holds"
                " with 95 % confidence."
            ),
        ),
        "sum over people brought of 1 / participants observed at least that long"
        ", / share of delays within the horizon",
    ),
    _measure(
        "generation_hours",
        ("裂变周期", "Generation time"),
        (
            "从一个人参与到被他带来的人参与，平均经过的小时数。",
            "Mean hours between a person's joining and the joining of those they brought.",
        ),
        "mean(joined_at of the brought - joined_at of the bringer), censoring corrected",
    ),
    _measure(
        "cost_minor",
        ("奖励成本", "Reward cost"),
        ("已发放奖励的成本，扣除已收回的。", "Cost of rewards granted, less those taken back."),
        "sum(granted cost) - sum(reversed cost)",
    ),
    _measure(
        "cost_per_new_person_minor",
        ("单个新客成本", "Cost per new person"),
        ("奖励成本 ÷ 新客人数。", "Reward cost ÷ new people."),
        "cost / new_people",
    ),
    _measure(
        "output_minor",
        ("产出", "Output"),
        (
            (
                "活动带来的订单里已付的货款：活动中下的单、经参与者链接下的单，以及靠下单计入的好友的单；"
                "不含运费，优惠已扣，退款到账即减。每笔付款和退款在一个活动里只算一次；没有订单时为 0。"
            ),
            (
                "Paid for goods in orders that came by the campaign: placed in it, by a"
                " participant's link, or by a friend who counts by ordering. Freight is left out,"
                " discounts are taken off, refunds are taken off when they are done. Each payment"
                " and refund counts once in a campaign; 0 without orders."
            ),
        ),
        "sum(goods paid) - sum(goods refunded)",
    ),
    _measure(
        "roi",
        ("投入产出比 ROI", "ROI"),
        (
            "产出 ÷ 投入（奖励成本，扣除已收回的）。没有产出或没有成本时不显示。",
            "Output ÷ input (the cost of rewards, less those taken back). Not shown without either.",
        ),
        "output / cost",
    ),
    _measure(
        "seen",
        ("看到", "Seen"),
        (
            "打开过活动页的访客，按浏览器去重，不含机器人和预加载。",
            "Distinct browsers that showed the page; bots and prefetches left out.",
        ),
        "distinct visitors with a view",
    ),
    _measure(
        "clicked",
        ("点击", "Pressed"),
        ("按下主按钮的访客，去重。", "Distinct visitors who pressed the main button."),
        "distinct visitors with a press",
    ),
    _measure(
        "started",
        ("发起", "Started"),
        ("发起过任务的人。", "People who have a quest."),
        "distinct people with quest_started",
    ),
    _measure(
        "shared",
        ("分享", "Shared"),
        ("同“分享人数”。", "The same as sharers."),
        "sharers",
    ),
    _measure(
        "friend_clicked",
        ("好友点击", "Friend clicked"),
        (
            "打开过参与者分享链接的访客，去重，不含机器人和预加载。",
            "Distinct visitors who opened a participant's link; bots and prefetches left out.",
        ),
        "distinct visitors with a click on a quest link",
    ),
    _measure(
        "converted",
        ("转化", "Converted"),
        ("同“新客人数”。", "The same as new people."),
        "new_people",
    ),
    _measure(
        "clicks",
        ("点击次数", "Clicks"),
        (
            "分享链接被打开的次数，不含机器人和预加载。",
            "How often links were opened, bots left out.",
        ),
        "count(click)",
    ),
    _measure(
        "generations",
        ("裂变代数", "Generations"),
        (
            "每一代的参与人数：第 0 代自己来，第 1 代由第 0 代带来，依此类推。",
            "Participants by generation: those who came by themselves, those they brought, and so on.",
        ),
        "count(participants) by generation",
    ),
    _measure(
        "refusals",
        ("未计入", "Not counted"),
        (
            "助力或奖励没有计入的次数，按原因。",
            "How often a support or a reward did not count, by reason.",
        ),
        "count(supported with counted = false, rewards.refused) by reason",
    ),
    _measure(
        "budget",
        ("预算", "Budget"),
        ("账本中活动预算的已用与总额。", "Spent and total of the campaign's budget in the ledger."),
        "ledger account of the campaign",
    ),
)
