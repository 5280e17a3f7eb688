"""Creatives: what a participant's page looks like, as data.

Owns:   nothing yet; a page is a value inside the definition that uses it
Calls:  nothing
Events: none
"""

from banyan.creatives.defaults import default_page
from banyan.creatives.pages import (
    THEMES,
    Action,
    Block,
    Friends,
    Hero,
    Image,
    Page,
    Prize,
    Progress,
    Reading,
    Rules,
    ShareCard,
    Text,
    TextBlock,
    Theme,
)
from banyan.creatives.posters import PosterLook, PosterText, draw_poster
from banyan.creatives.problems import PageProblem, page_problems, text_problem
from banyan.creatives.share_pictures import SHARE_PICTURE_SIDE, draw_share_picture

__all__ = [
    "SHARE_PICTURE_SIDE",
    "THEMES",
    "Action",
    "Block",
    "Friends",
    "Hero",
    "Image",
    "Page",
    "PageProblem",
    "PosterLook",
    "PosterText",
    "Prize",
    "Progress",
    "Reading",
    "Rules",
    "ShareCard",
    "Text",
    "TextBlock",
    "Theme",
    "default_page",
    "draw_poster",
    "draw_share_picture",
    "page_problems",
    "text_problem",
]
