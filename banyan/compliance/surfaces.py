"""How grave a thing is on each surface. A surface that is not known counts as the strictest."""

from typing import Final

from banyan.compliance.case import SURFACES, Case
from banyan.compliance.verdict import SEVERITIES, Change, Severity

__all__ = [
    "IN_WECHAT",
    "OPEN_IN_WECHAT",
    "Grave",
    "elsewhere",
    "move_out",
    "severity_on",
    "way_out",
]

Grave = dict[str, Severity]
"""Surface → severity; a known surface that is not named passes."""

OPEN_IN_WECHAT: Final = ("wechat_h5", "official_account")
"""Pages that open in WeChat's own browser as an external link."""

IN_WECHAT: Final = (*OPEN_IN_WECHAT, "mini_program", "wecom")


def severity_on(grave: Grave, surface: str) -> Severity:
    """Return how grave it is on `surface`."""
    if surface in SURFACES:
        return grave.get(surface, "pass")
    return max(grave.values(), key=SEVERITIES.index)


def elsewhere(case: Case, grave: Grave, surface: str) -> Change | None:
    """Return the change that leaves `surface` out; None when the others are no milder."""
    if not _is_milder_elsewhere(case, grave, surface):
        return None
    return Change(
        "drop_surface",
        zh="不在这个场景开放本活动，其他场景照常进行",
        en="Leave this surface out; the campaign runs on the others",
        surface=surface,
    )


def move_out(case: Case, grave: Grave, surface: str) -> Change:
    """Return the nearest allowed variant of what no form of is allowed here: another place."""
    return elsewhere(case, grave, surface) or Change(
        "move",
        zh="改在自有网页开展，不在这个场景推广",
        en="Run it on your own site, and do not promote it here",
        surface="own_web",
    )


def _is_milder_elsewhere(case: Case, grave: Grave, surface: str) -> bool:
    here = SEVERITIES.index(severity_on(grave, surface))
    return any(SEVERITIES.index(severity_on(grave, other)) < here for other in case.surfaces)


def way_out(case: Case, grave: Grave, surface: str) -> Change:
    """Return the nearest allowed variant: go elsewhere if there is a milder place, else give first.

    Commission is pay for work and nothing a newcomer could be given: it only moves.
    """
    if case.commissions:
        return move_out(case, grave, surface)
    return elsewhere(case, grave, surface) or Change(
        "benefit_first",
        zh="改为先得福利：新朋友注册即得，不以邀请为条件；邀请人不另得奖",
        en="Benefit first: newcomers get it on registering; nobody is paid for inviting",
        surface=surface,
    )
