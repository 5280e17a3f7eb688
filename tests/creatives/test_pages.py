"""A page is data: bounded, plain, and complete."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.creatives import (
    THEMES,
    Action,
    Friends,
    Hero,
    Image,
    Page,
    Prize,
    Progress,
    Rules,
    Text,
    TextBlock,
    default_page,
    page_problems,
    text_problem,
)

TITLE = Text("请朋友来喝一杯", "A cup for you and a friend")


def codes(page: Page) -> set[str]:
    return {problem.code for problem in page_problems(page)}


@pytest.mark.parametrize("play", ["referral", "assist", "a_play_of_somebody_else"])
@pytest.mark.parametrize("theme", THEMES)
def test_the_default_page_is_complete(play: str, theme: str) -> None:
    page = default_page(play, TITLE, theme=theme)  # type: ignore[arg-type]
    assert page_problems(page) == []
    kinds = [type(block) for block in page.blocks]
    assert kinds == [Hero, Prize, Progress, Action, Friends, Rules]
    assert msgspec.json.decode(msgspec.json.encode(page), type=Page) == page


@pytest.mark.parametrize(
    ("blocks", "code"),
    [
        ((Rules(),), "one_action"),
        ((Action(), Action(), Rules()), "one_action"),
        ((Action(),), "rules_missing"),
        ((Hero(), Hero(), Action(), Rules()), "one_hero"),
    ],
)
def test_what_a_page_needs(blocks: tuple[object, ...], code: str) -> None:
    assert codes(Page(TITLE, blocks=blocks)) == {code}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "a <b>c", "< img src=x onerror=y>", "</div>", "<!-- x", "<?php"],
)
def test_markup_is_refused_wherever_it_stands(text: str) -> None:
    for page in (
        Page(Text(text)),
        Page(TITLE, subtitle=Text(en=text)),
        Page(TITLE, blocks=(Action(Text(text)), Rules())),
        Page(TITLE, blocks=(Action(), Rules(), TextBlock(Text("好", text)))),
        Page(TITLE, blocks=(Action(), Rules(), Image("f1", Text(text)))),
    ):
        assert "markup" in codes(page)


@pytest.mark.parametrize("text", ["1 < 2", "我 <3 咖啡", "满30减5 & 送杯", "«» “”", "行一\n行二"])
def test_plain_words_stay_plain(text: str) -> None:
    assert text_problem("p", text) is None


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\u202e", "\u200b"])
def test_hidden_signs_are_refused(sign: str) -> None:
    problem = text_problem("p", f"好{sign}茶")
    assert problem is not None
    assert problem.code == "control_characters"


@pytest.mark.parametrize(
    "file", ["https://evil.example/x.png", "../etc", "a b", "", "javascript:1"]
)
def test_a_picture_is_a_stored_file_and_never_an_address(file: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"kind": "image", "file": file, "alt": {}}, Image)


@pytest.mark.parametrize(
    "block", [{"kind": "html", "html": "<b>"}, {"kind": "hero", "onclick": "x"}, {}]
)
def test_there_is_no_block_of_another_kind(block: dict[str, str]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"title": {"zh": "好"}, "blocks": [block]}, Page)


def test_a_page_has_a_size() -> None:
    many = {"title": {"zh": "好"}, "blocks": [{"kind": "hero"}] * 21}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(many, Page)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"title": {"zh": "好" * 2001}}, Page)
    assert codes(Page(Text("好" * 61))) == {"too_long"}


@given(st.text(max_size=200))
def test_no_text_that_passes_can_open_a_tag(text: str) -> None:
    if text_problem("p", text) is None:
        squeezed = "".join(text.split())
        for at in (index for index, letter in enumerate(squeezed) if letter == "<"):
            following = squeezed[at + 1 : at + 2]
            assert not (following.isascii() and following.isalpha())
            assert following not in {"/", "!", "?"}
