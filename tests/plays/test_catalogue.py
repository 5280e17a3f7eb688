"""The plays, their settings forms and the web agree with each other."""

import json
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import msgspec
import pytest

from banyan import plays
from banyan.plays import PLAYS, Play, settings_schema

WEB = Path(__file__).parents[2] / "web"


@pytest.mark.parametrize("key", PLAYS)
def test_a_play_says_what_it_is_in_both_languages(key: str) -> None:
    play = PLAYS[key]
    assert play.key == key
    for words in (play.name, play.summary):
        assert words.zh
        assert words.en


@pytest.mark.parametrize("key", PLAYS)
def test_the_form_has_titles_and_help_in_both_languages(key: str) -> None:
    schema = settings_schema(PLAYS[key].Settings)
    assert "$ref" not in json.dumps(schema)
    for name, field in schema["properties"].items():
        shown: dict[str, Any] = field
        if "anyOf" in field:
            shown = {**field, **next(one for one in field["anyOf"] if one.get("type") != "null")}
        assert shown["title"] != name
        assert any("\u4e00" <= letter <= "\u9fff" for letter in shown["title"])
        assert shown["x-en"]["title"].isascii()
        assert shown["x-en"]["description"]


@pytest.mark.parametrize("key", PLAYS)
def test_an_empty_progress_goes_through_json(key: str) -> None:
    play: Play[Any, Any] = PLAYS[key]
    empty = play.Progress()
    assert msgspec.json.decode(msgspec.json.encode(empty), type=play.Progress) == empty


def test_the_phones_page_has_a_folder_for_every_play() -> None:
    folders = {one.name for one in (WEB / "h5" / "src" / "plays").iterdir() if one.is_dir()}
    assert folders == set(PLAYS)


def test_a_third_party_adds_a_play_and_cannot_replace_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def points(key: str) -> Any:
        def found(group: str) -> list[EntryPoint]:
            return [EntryPoint(key, "banyan.plays:Assist", group)]

        return found

    monkeypatch.setattr(plays, "entry_points", points("their_own"))
    assert set(plays._all_plays()) == {*plays.PLAYS, "their_own"}
    monkeypatch.setattr(plays, "entry_points", points("assist"))
    with pytest.raises(RuntimeError, match="would replace"):
        plays._all_plays()
