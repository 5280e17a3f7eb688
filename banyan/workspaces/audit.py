"""The audit: a row for every privileged change, in the transaction of the change."""

from typing import Any

from banyan.kernel.ids import new_id
from banyan.kernel.work import Work
from banyan.workspaces.models import AuditEntry


def audit(work: Work, action: str, subject: str = "", detail: dict[str, Any] | None = None) -> None:
    """Write down that `work.actor` did `action` to `subject`; kept exactly if the change is.

    `action` names a thing and a verb in the past, as `"member.invited"`; `detail` holds what
    changed, never a secret and never a phone number.
    """
    work.session.add(
        AuditEntry(
            workspace_id=work.workspace_id,
            id=new_id(),
            at=work.now,
            actor=str(work.actor),
            action=action,
            subject=subject,
            detail=detail or {},
        )
    )
    work.session.flush()
