"""The terms of payouts: by what, how little, how much a day, and above what four eyes look."""

from typing import Annotated, Final, Literal

import msgspec

from banyan import workspaces
from banyan.kernel.work import Work

Method = Literal["sandbox", "wechat_transfer", "manual"]
Minor = Annotated[int, msgspec.Meta(ge=0, le=10**11)]


class PayoutTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a merchant pays out, in minor units."""

    methods: list[Method]
    least_minor: Annotated[int, msgspec.Meta(ge=1, le=10**9)] = 100
    per_person_day_minor: Minor = 20_000
    per_day_minor: Minor = 1_000_000
    approve_above_minor: Minor = 20_000


_COLUMNS: Final = "methods, least_minor, per_person_day_minor, per_day_minor, approve_above_minor"


def payout_terms(work: Work) -> PayoutTerms:
    """Return the merchant's terms; who never set them pays by hand, a sandbox by the sandbox."""
    row = work.driver.execute(
        f"select {_COLUMNS} from payout_terms where workspace_id = %s",  # noqa: S608 - a constant
        (work.workspace_id,),
    ).fetchone()
    if row is not None:
        return PayoutTerms(
            methods=row[0],
            least_minor=row[1],
            per_person_day_minor=row[2],
            per_day_minor=row[3],
            approve_above_minor=row[4],
        )
    is_sandbox = workspaces.workspace_of(work).is_sandbox
    return PayoutTerms(methods=["sandbox", "manual"] if is_sandbox else ["manual"])


def set_payout_terms(work: Work, terms: PayoutTerms) -> None:
    """Keep the merchant's terms. They are for payouts asked for from now on."""
    work.driver.execute(
        """
        insert into payout_terms (workspace_id, methods, least_minor, per_person_day_minor,
                                  per_day_minor, approve_above_minor, changed_at)
        values (%s, %s, %s, %s, %s, %s, %s)
        on conflict (workspace_id) do update set methods = excluded.methods,
          least_minor = excluded.least_minor,
          per_person_day_minor = excluded.per_person_day_minor,
          per_day_minor = excluded.per_day_minor,
          approve_above_minor = excluded.approve_above_minor, changed_at = excluded.changed_at
        """,
        (
            *(work.workspace_id, list(terms.methods), terms.least_minor),
            *(terms.per_person_day_minor, terms.per_day_minor, terms.approve_above_minor),
            work.now,
        ),
    )
    workspaces.audit(work, "payouts.terms_set", "", msgspec.to_builtins(terms))
