"""People of the crowd: invented names and phone numbers, each person always the same.

Numbers are of Chinese mobile form. What a merchant's list shows of them (the first three and
last four digits) is different for every person of a run, so that a code can be found in the
outbox by what the outbox shows.
"""

import random
from typing import Final, NamedTuple

_PREFIXES: Final = tuple(
    map(
        str,
        (
            *(133, 135, 136, 137, 138, 139, 150, 151, 152, 155, 156, 157, 158, 159, 166, 173),
            *(176, 177, 178, 180, 181, 182, 183, 185, 186, 187, 188, 189, 191, 193, 195, 196),
            *(198, 199),
        ),
    )
)
_LAST_FOUR: Final = 10_000
MOST_PEOPLE: Final = len(_PREFIXES) * _LAST_FOUR
"""More cannot be told apart by what the outbox shows."""

_FAMILY: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
_GIVEN: Final = (
    "子涵一诺浩然雨桐欣怡梓轩思远佳琪俊杰若曦晨曦静怡宇航诗涵明轩可欣泽宇雅婷博文语嫣"
    "嘉怡志强晓燕建国秀英丽华海涛春梅国栋雪梅小雨文博安然知夏星辰沐阳清欢南星予安望舒"
)
"""Given names of two letters each, one after the other."""


class Face(NamedTuple):
    """How one person of the crowd is known."""

    phone: str
    name: str

    @property
    def phone_masked(self) -> str:
        """What a list shows of the number."""
        return f"{self.phone[3:6]}****{self.phone[-4:]}"


def face_of(person: int, seed: int | str) -> Face:
    """Return the face of person number `person` in the run of `seed`."""
    chance = random.Random(f"{seed}/{person}")  # noqa: S311 - invented people, not secrets
    prefix = _PREFIXES[person // _LAST_FOUR % len(_PREFIXES)]
    # The middle is the run's: two runs do not meet each other's people.
    middle = random.Random(f"run/{seed}").randrange(_LAST_FOUR)  # noqa: S311
    last = person % _LAST_FOUR
    return Face(
        phone=f"+86{prefix}{middle:04d}{last:04d}",
        name=chance.choice(_FAMILY) + _GIVEN[2 * chance.randrange(len(_GIVEN) // 2) :][:2],
    )
