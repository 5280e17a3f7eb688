"""The page a campaign starts with, so that nobody begins with an empty one."""

from banyan.creatives.pages import (
    Action,
    Friends,
    Hero,
    Page,
    Prize,
    Progress,
    Rules,
    Text,
    Theme,
)

__all__ = ["default_page"]

_LABELS = {
    "referral": Text("邀请好友，一起得礼", "Invite friends, both get a gift"),
    "assist": Text("请好友帮我助力", "Ask friends to help"),
}


def default_page(
    play: str, title: Text, subtitle: Text | None = None, theme: Theme = "leaf"
) -> Page:
    """Return the page of the play `play`: what it is, what one gets, the button, how, the rules."""
    return Page(
        title=title,
        theme=theme,
        subtitle=subtitle or Text(),
        blocks=(
            Hero(),
            Prize(),
            Progress(),
            Action(_LABELS.get(play)),
            Friends(),
            Rules(),
        ),
    )
