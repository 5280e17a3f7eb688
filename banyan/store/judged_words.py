"""Words that buyers will read, judged before they do: absolute claims and threats do not go out.

The verdict is `compliance`'s; here it becomes problems of a product, each with what to change.
"""

from collections.abc import Mapping

from banyan import compliance
from banyan.compliance import CATALOGUE, Case, Copy, Finding
from banyan.kernel.errors import Refused
from banyan.store import catalogue_refusals as refusals
from banyan.store.catalogue_views import Problem
from banyan.store.views import Twin

SURFACES = ("wechat_h5",)
"""A shop's pages travel through chats, whose platform is the strictest reader they have."""


def words_problems(texts: Mapping[str, str]) -> list[Problem]:
    """Return what must be changed in `texts` (by the path of each) before buyers read them. Pure."""
    problems: dict[tuple[str, str, str | None], Problem] = {}
    for finding in _findings(texts):
        change = finding.nearest_allowed
        zh, en = (change.zh, change.en) if change else ("请改写", "Put it another way")
        words = Twin(
            f"{finding.message_zh}（{finding.clause}）。{zh}，或换成能证明的说法。",
            f"{finding.message_en} ({finding.clause}). {en}, or say what can be shown.",
        )
        code = f"words_{finding.rule_id.lower().replace('-', '_')}"
        problems[finding.path, finding.rule_id, finding.found] = Problem(finding.path, code, words)
    return list(problems.values())


def must_be_allowed(**texts: str) -> None:
    """Raise `words_forbidden`, naming the words, unless buyers may read every text. Pure."""
    if found := list(dict.fromkeys(finding.found or "" for finding in _findings(texts))):
        raise Refused(refusals.WORDS_FORBIDDEN, words="、".join(found))


def _findings(texts: Mapping[str, str]) -> list[Finding]:
    copy = tuple(Copy(path=path, text=text) for path, text in texts.items() if text)
    return [
        finding
        for finding in compliance.judge(Case(surfaces=SURFACES, copy=copy)).findings
        if finding.severity == "block"
        and (rule := CATALOGUE.get(finding.rule_id))
        and rule.detector == "text"
    ]
