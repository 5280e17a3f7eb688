"""The layout of a page: a theme, a title, and blocks from a fixed set.

There is no block that carries markup, a script or an address of another site: an image is named by
the id of a file the workspace has stored, and every text is plain.
"""

from typing import Annotated, Final, Literal

import msgspec

__all__ = [
    "THEMES",
    "Action",
    "Block",
    "Friends",
    "Hero",
    "Image",
    "Page",
    "Prize",
    "Progress",
    "Reading",
    "Rules",
    "ShareCard",
    "Text",
    "TextBlock",
    "Theme",
]

Theme = Literal["leaf", "sun", "sky", "rose"]
Reading = Literal["normal", "large"]
"""How the page is read: `large` is larger type and a button that reads it aloud."""

THEMES: Final[dict[Theme, tuple[str, str]]] = {
    "leaf": ("榕叶绿", "Leaf"),
    "sun": ("暖阳橙", "Sun"),
    "sky": ("晴空蓝", "Sky"),
    "rose": ("玫瑰粉", "Rose"),
}

Plain = Annotated[str, msgspec.Meta(max_length=2000)]
FileId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,80}$")]
OfferKey = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Plain words in Chinese and in English."""

    zh: Plain = ""
    en: Plain = ""


class _OfKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    pass


class Hero(_OfKind, frozen=True, tag="hero"):
    """The head of the page: its title and subtitle, over a picture when there is one."""

    image: FileId | None = None
    badge: Text | None = None


class Prize(_OfKind, frozen=True, tag="prize"):
    """What can be earned: one offer, or all of them."""

    offer: OfferKey | None = None


class Progress(_OfKind, frozen=True, tag="progress"):
    """How far the quest has come."""


class Action(_OfKind, frozen=True, tag="action"):
    """The one big button; without a label it says what the play says."""

    label: Text | None = None


class Friends(_OfKind, frozen=True, tag="friends"):
    """Who has come, by masked names."""

    title: Text | None = None


class Rules(_OfKind, frozen=True, tag="rules"):
    """The rules, generated from the definition that is executed."""


class TextBlock(_OfKind, frozen=True, tag="text"):
    """A paragraph of the merchant's own."""

    text: Text
    title: Text | None = None


class Image(_OfKind, frozen=True, tag="image"):
    """A picture the workspace has stored; `alt` says what is on it."""

    file: FileId
    alt: Text


Block = Hero | Prize | Progress | Action | Friends | Rules | TextBlock | Image


class ShareCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a chat shows of the page's link; what is empty is said by the page's own title."""

    title: Text = Text()
    text: Text = Text()


class Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One page, from top to bottom."""

    title: Text
    theme: Theme = "leaf"
    reading: Reading = "normal"
    subtitle: Text = Text()
    share: ShareCard = ShareCard()
    blocks: Annotated[tuple[Block, ...], msgspec.Meta(max_length=20)] = ()
