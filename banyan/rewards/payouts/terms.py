"""The terms of payouts: by what, how little, how much a day, and above what four eyes look.

They are judged by the same rules as a campaign (PAY-02, PAY-04): what is above the law's limits or
the provider's is never kept.
"""

from typing import Annotated, Final, Literal

import msgspec

from banyan import compliance, workspaces
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.rewards import refusals

Method = Literal["sandbox", "wechat_transfer", "manual"]
Minor = Annotated[int, msgspec.Meta(ge=0, le=10**11)]
RULES: Final = frozenset({"PAY-02", "PAY-04"})


class PayoutTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a merchant pays out, in minor units.

    `scene` is the number under which the provider registered what transfers are for, "" for none;
    `day_quota_minor` is what the provider lets the merchant transfer in a day.
    """

    methods: list[Method]
    least_minor: Annotated[int, msgspec.Meta(ge=1, le=10**9)] = 100
    per_person_day_count: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 10
    per_person_day_minor: Minor = 20_000
    per_day_minor: Minor = 1_000_000
    approve_above_minor: Minor = 20_000
    scene: Annotated[str, msgspec.Meta(max_length=32, pattern="^[0-9A-Za-z_-]*$")] = ""
    day_quota_minor: Minor = 10_000_000


LIMITS: Final = (
    "per_person_day_count",
    "per_person_day_minor",
    "per_day_minor",
    "approve_above_minor",
    "day_quota_minor",
)
"""What a second member confirms when it is raised."""
FIELDS: Final = PayoutTerms.__struct_fields__

READ: Final = """
select methods, least_minor, per_person_day_count, per_person_day_minor, per_day_minor,
       approve_above_minor, scene, day_quota_minor
from payout_terms where workspace_id = %s
"""

KEEP: Final = """
insert into payout_terms (workspace_id, methods, least_minor, per_person_day_count,
  per_person_day_minor, per_day_minor, approve_above_minor, scene, day_quota_minor, changed_at)
values (%(workspace)s, %(methods)s, %(least_minor)s, %(per_person_day_count)s,
  %(per_person_day_minor)s, %(per_day_minor)s, %(approve_above_minor)s, %(scene)s,
  %(day_quota_minor)s, %(now)s)
on conflict (workspace_id) do update set methods = excluded.methods,
  least_minor = excluded.least_minor, per_person_day_count = excluded.per_person_day_count,
  per_person_day_minor = excluded.per_person_day_minor, per_day_minor = excluded.per_day_minor,
  approve_above_minor = excluded.approve_above_minor, scene = excluded.scene,
  day_quota_minor = excluded.day_quota_minor, changed_at = excluded.changed_at,
  asked = null, asked_by = null, asked_at = null
"""


def payout_terms(work: Work) -> PayoutTerms:
    """Return the merchant's terms; who never set them pays by hand, a sandbox by the sandbox."""
    row = work.driver.execute(READ, (work.workspace_id,)).fetchone()
    if row is not None:
        return PayoutTerms(**dict(zip(FIELDS, row, strict=True)))
    is_sandbox = workspaces.workspace_of(work).is_sandbox
    return PayoutTerms(methods=["sandbox", "manual"] if is_sandbox else ["manual"])


def judged(terms: PayoutTerms) -> compliance.Payout:
    """Return the terms as the judge sees them."""
    return compliance.Payout(
        path="payout_terms",
        person_day_count=terms.per_person_day_count,
        person_day_minor=terms.per_person_day_minor,
        day_minor=terms.per_day_minor,
        methods=tuple(terms.methods),
        scene=terms.scene,
        day_quota_minor=terms.day_quota_minor,
    )


def set_payout_terms(work: Work, terms: PayoutTerms) -> None:
    """Keep the merchant's terms. They are for payouts asked for from now on.

    Raises `payout_terms_unlawful` with every rule they break and what would be allowed.
    """
    must_be_lawful(terms)
    values = msgspec.to_builtins(terms)
    higher = raised(payout_terms(work), terms)
    work.driver.execute(KEEP, values | {"workspace": work.workspace_id, "now": work.now})
    workspaces.audit(work, "payouts.terms_set", "", values | {"raised": higher})


def raised(before: PayoutTerms, after: PayoutTerms) -> list[str]:
    """Return which limits `after` has higher than `before`."""
    return [name for name in LIMITS if getattr(after, name) > getattr(before, name)]


def must_be_lawful(terms: PayoutTerms) -> None:
    """Raise `payout_terms_unlawful` when the rules of payouts forbid these terms."""
    case = compliance.Case(surfaces=("own_web",), payouts=(judged(terms),))
    broken = [one for one in compliance.judge(case).findings if one.rule_id in RULES]
    if not broken:
        return
    ways = [one.nearest_allowed for one in broken if one.nearest_allowed is not None]
    raise Refused(
        refusals.PAYOUT_TERMS_UNLAWFUL,
        rules="、".join(dict.fromkeys(one.rule_id for one in broken)),
        changes=[{"path": way.path, "value": way.value} for way in ways],
    )
