"""Invitations: messages about a campaign, to people who agreed to be written to.

Each says who writes, what it is about, where to open it and how to get no more of them. Who takes
their agreement back gets none that has not gone yet.
"""

from uuid import UUID

from banyan.kernel.work import Work
from banyan.messages.outbox import CONSOLE, INVITATION, SMS, send
from banyan.messages.sms import sms_account
from banyan.workspaces import workspace_of


def invite(work: Work, *, message_id: UUID, person_id: UUID, to_e164: str, text: str) -> None:
    """Put an invitation into the outbox: to a phone where an approved template is set for it.

    Elsewhere it stands on the console's outbox page.
    """
    account = sms_account()
    by_phone = account is not None and bool(account.invitation_template)
    send(
        work,
        to_e164=to_e164,
        text=text,
        kind=INVITATION,
        channel=SMS if by_phone and not workspace_of(work).is_sandbox else CONSOLE,
        message_id=message_id,
        person_id=person_id,
    )
