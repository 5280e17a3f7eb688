"""Words that must not be used, found however they are dressed up.

`Plain` undoes the usual disguises (full width, spaces and signs between letters, traditional and
look-alike characters, zero-width signs, flags) and remembers where each letter came from, so that
the words found can be shown and replaced in the original text.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

__all__ = ["Plain", "found_in"]

# Only characters that the patterns use: what is written instead of them, and what is meant.
_TRADITIONAL: Final = "轉發國會終解釋權級優獎機後幾長媽愛傳擴個運積點擊請來網價賤獲親見緊認還嗎錢專"
_SIMPLIFIED: Final = "转发国会终解释权级优奖机后几长妈爱传扩个运积点击请来网价贱获亲见紧认还吗钱专"
_LOOK_ALIKE: Final = "囯圀啯伩砖吥卟亾"
_MEANT: Final = "国国国信转不不人"
_CYRILLIC: Final = "аеорсухікмтвн"
_GREEK: Final = "αοερικντυ"

_SAME: Final = str.maketrans(
    _TRADITIONAL + _LOOK_ALIKE + _CYRILLIC + _GREEK,
    _SIMPLIFIED + _MEANT + "aeopcyxikmtbh" + "aoepikvtu",
)

_FLAG: Final = "\U0001f1e8\U0001f1f3"


class Plain:
    """A text without its disguise; `text` is what is searched."""

    def __init__(self, original: str) -> None:
        letters: list[str] = []
        self._places: list[int] = []
        self._original = original
        index = 0
        while index < len(original):
            if original.startswith(_FLAG, index):
                self._add(letters, "中国", index)
                index += len(_FLAG)
                continue
            for letter in unicodedata.normalize("NFKD", original[index]).casefold():
                self._add(letters, letter.translate(_SAME), index)
            index += 1
        self.text = "".join(letters)

    def _add(self, letters: list[str], text: str, place: int) -> None:
        for letter in text:
            if unicodedata.category(letter)[0] in "LN":
                letters.append(letter)
                self._places.append(place)

    def original(self, start: int, end: int) -> str:
        """Return the original words behind `text[start:end]`."""
        return self._original[self._places[start] : self._places[end - 1] + 1]


def found_in(text: str, pattern: re.Pattern[str], unless: re.Pattern[str] | None) -> Iterator[str]:
    """Yield the words of `text` that `pattern` finds once undisguised, outside those of `unless`."""
    plain = Plain(text)
    spared = [match.span() for match in unless.finditer(plain.text)] if unless else []
    for match in pattern.finditer(plain.text):
        start, end = match.span()
        if not any(left <= start and end <= right for left, right in spared):
            yield plain.original(start, end)
