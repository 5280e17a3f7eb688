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
}
OTHER: Final = ("完成活动任务", "You did what the campaign asks for")


@lru_cache(maxsize=4096)
def reward_words(rule: str) -> Twin:
    """Return why a play's `rule` gives, in Chinese and English. A rule is `name` or `name:n`."""
    name, _, rest = rule.partition(":")
    zh, en = WORDS.get(name, OTHER)
    number = rest.partition(":")[0]
    return Twin(zh.format(n=number), en.format(n=number))
