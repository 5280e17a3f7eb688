"""What is wrong with a page whose types are right."""

import re
from collections.abc import Iterator
from typing import cast

import msgspec

from banyan.creatives.pages import Action, Hero, Page, Rules, Text

__all__ = ["PageProblem", "page_problems", "text_problem"]

# A tag, an end tag, a comment or a declaration; "1 < 2" and "<3" stay plain words.
_MARKUP = re.compile(r"<\s*[/!?a-zA-Z]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")

_MOST_TITLE = 60


class PageProblem(msgspec.Struct, frozen=True):
    """One thing wrong: where, a stable code, and words in both languages."""

    path: str
    code: str
    zh: str
    en: str


def text_problem(path: str, text: str) -> PageProblem | None:
    """Return why `text` may not be shown as it is, or None."""
    if _MARKUP.search(text):
        return PageProblem(path, "markup", "文字中不能有网页标签", "Texts carry no markup")
    if _CONTROL.search(text):
        return PageProblem(
            path,
            "control_characters",
            "文字中有看不见的控制字符",
            "The text hides control characters",
        )
    return None


def page_problems(page: Page) -> list[PageProblem]:
    """Return everything that keeps this page from being shown; paths start inside the page."""
    found = [problem for path, text in _texts(page) if (problem := text_problem(path, text))]
    if not page.title.zh.strip():
        found.append(PageProblem("title.zh", "empty", "请填写页面标题", "The page needs a title"))
    found.extend(
        PageProblem(
            f"title.{language}", "too_long", "标题最多 60 字", "A title has at most 60 signs"
        )
        for language, text in (("zh", page.title.zh), ("en", page.title.en))
        if len(text) > _MOST_TITLE
    )
    if page.blocks:
        kinds = [type(block) for block in page.blocks]
        if kinds.count(Action) != 1:
            found.append(
                PageProblem(
                    "blocks",
                    "one_action",
                    "页面需要且只能有一个按钮",
                    "A page has exactly one button",
                )
            )
        if Rules not in kinds:
            found.append(
                PageProblem(
                    "blocks", "rules_missing", "页面必须展示活动规则", "A page must show its rules"
                )
            )
        if kinds.count(Hero) > 1:
            found.append(
                PageProblem("blocks", "one_hero", "页面只能有一个头图", "A page has one head")
            )
    return found


def _texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Text):
        yield f"{path}.zh", value.zh
        yield f"{path}.en", value.en
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _texts(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for index, item in enumerate(cast("tuple[object, ...]", value)):
            yield from _texts(item, f"{path}[{index}]")
