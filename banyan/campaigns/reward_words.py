"""The words that tell a person why they were given something."""

from functools import lru_cache
from typing import Final

from banyan.campaigns.views import Twin

WORDS: Final[dict[str, tuple[str, str]]] = {
    "friend": ("接受好友邀请", "You accepted a friend's invitation"),
    "each": ("您邀请的一位好友已加入", "A friend you invited has joined"),
    "tier": ("您已邀请 {n} 位好友", "You have brought {n} friends"),
    "helper": ("您为好友助力成功", "You helped a friend"),
    "commission": ("好友通过您的链接下单", "A friend ordered by your link"),
    "second": ("您邀请的推广人带来订单", "Somebody you brought made a sale"),
    "unlock": ("好友助力已集齐", "Your friends have helped you to the goal"),
    "packet": ("抢到一份红包", "You took a share of a red packet"),
    "prize": ("抽奖中奖", "You won a draw"),
    "check_in": ("今日签到", "You checked in"),
    "streak": ("连续签到 {n} 天", "{n} days in a row"),
    "task": ("完成了一项任务", "You did a task"),
    "read": ("注册即得的内容", "For registering"),
    "part": ("您带来的 {n} 位新朋友已注册", "{n} new friends of yours have registered"),
    "enter": ("进入直播间", "You entered the live room"),
    "scan": ("到店扫码", "You scanned in the store"),
    "stamp": ("到店满 {n} 次", "{n} visits"),
    "level": ("闯过第 {n} 关", "You passed level {n}"),
    "unit": ("以您的名义捐出一份", "One given in your name"),
    "thanks": ("感谢您参与", "Thank you for taking part"),
}
OTHER: Final = ("完成活动任务", "You did what the campaign asks for")


@lru_cache(maxsize=4096)
def reward_words(rule: str) -> Twin:
    """Return why a play's `rule` gives, in Chinese and English. A rule is `name` or `name:n`."""
    name, _, rest = rule.partition(":")
    zh, en = WORDS.get(name, OTHER)
    number = rest.partition(":")[0]
    return Twin(zh.format(n=number), en.format(n=number))
