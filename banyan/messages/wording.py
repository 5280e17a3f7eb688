"""The words of messages, and what an approved template needs again out of the words."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

GOOD_FOR: Final = timedelta(minutes=10)
_CODE: Final = re.compile(r"验证码 (\d{6})，")
_INVITED: Final = re.compile(r"「(.+)」：\S*/s/([0-9a-z]+) 拒收")


def code_text(name: str, code: str) -> str:
    """Return what `name` says to whoever asked for `code`."""
    minutes = int(GOOD_FOR.total_seconds()) // 60
    return f"【{name}】验证码 {code}，{minutes} 分钟内有效。如非本人操作请忽略。"


def code_in(text: str) -> str | None:
    """Return the code that `code_text` put into `text`; None when it holds none."""
    # The last one: the name may be anything.
    found = _CODE.findall(text)
    return found[-1] if found else None


def fields_of_code(text: str) -> Mapping[str, str]:
    """Return what an approved template takes out of such a text; nothing when it holds no code."""
    code = code_in(text)
    return {"code": code} if code else {}


def invitation_text(name: str, title: tuple[str, str], why: tuple[str, str], url: str) -> str:
    """Return what the merchant `name` says, in Chinese and then in English."""
    zh, en = title
    return (
        f"【{name}】{why[0]}「{zh}」：{url} 拒收：打开链接，在“我的”里关闭活动消息\n"
        f"{why[1]} “{en or zh}”. To stop: open the link and turn messages off under Mine."
    )


def fields_of_invitation(text: str) -> Mapping[str, str]:
    """Return what an approved template takes out of such a text: `campaign` and the link's `code`."""
    found = _INVITED.search(text)
    return {"campaign": found[1], "code": found[2]} if found else {}
