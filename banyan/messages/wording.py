"""The words of a message that carries a code, and the code again out of its words."""

import re
from datetime import timedelta
from typing import Final

GOOD_FOR: Final = timedelta(minutes=10)
_CODE: Final = re.compile(r"验证码 (\d{6})，")


def code_text(name: str, code: str) -> str:
    """Return what `name` says to whoever asked for `code`."""
    minutes = int(GOOD_FOR.total_seconds()) // 60
    return f"【{name}】验证码 {code}，{minutes} 分钟内有效。如非本人操作请忽略。"


def code_in(text: str) -> str | None:
    """Return the code that `code_text` put into `text`; None when it holds none."""
    # The last one: the name may be anything.
    found = _CODE.findall(text)
    return found[-1] if found else None
