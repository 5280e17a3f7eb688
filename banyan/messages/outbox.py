"""The outbox: a message is put in with what it is about, and delivered by a job afterwards."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select, tuple_, update

from banyan.kernel.crypto import decrypt, encrypt
from banyan.kernel.ids import new_id
from banyan.kernel.jobs import Job, enqueue, job
from banyan.kernel.work import Work
from banyan.messages.models import OutboxMessage
from banyan.people import masked_phone
from banyan.workspaces import workspace_of

CONSOLE = "console"
"""The channel that delivers to the console's outbox page: for trying things out, and for now."""
DELIVER = "messages.deliver"
_TABLE = "outbox_messages"


class MessageView(msgspec.Struct, frozen=True):
    """One message as the console shows it."""

    id: UUID
    kind: str
    channel: str
    to_masked: str
    text: str | None
    """None for a secret: a code is readable in a sandbox only."""
    state: str
    created_at: datetime
    sent_at: datetime | None


def send(work: Work, *, to_e164: str, text: str, kind: str, channel: str = CONSOLE) -> UUID:
    """Put a message into the outbox, to be delivered once this transaction stands."""
    message_id = new_id()
    message = OutboxMessage(
        workspace_id=work.workspace_id,
        id=message_id,
        kind=kind,
        channel=channel,
        to_encrypted=encrypt(to_e164, work.workspace_id, _TABLE, "to", message_id),
        text_encrypted=encrypt(text, work.workspace_id, _TABLE, "text", message_id),
        state="queued",
        created_at=work.now,
        sent_at=None,
    )
    work.session.add(message)
    work.session.flush()
    enqueue(work, [Job(DELIVER, {"message_id": str(message_id)}, key=str(message_id))])
    return message_id


@job(DELIVER)
def deliver(work: Work, *, message_id: str) -> None:
    """Deliver one message; one that is delivered already stays as it is.

    The channel `console` delivers by being read: the message stands on the outbox page.
    """
    work.session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == UUID(message_id),
            OutboxMessage.state == "queued",
            OutboxMessage.channel == CONSOLE,
        )
        .values(state="sent", sent_at=work.now)
    )


def outbox_page(
    work: Work, *, before: tuple[datetime, UUID] | None, most: int
) -> Sequence[MessageView]:
    """Return up to `most` messages older than `before`, the newest first."""
    statement = (
        select(OutboxMessage)
        .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
        .limit(most)
    )
    if before is not None:
        older = tuple_(OutboxMessage.created_at, OutboxMessage.id) < tuple_(*before)
        statement = statement.where(older)
    shows_secrets = workspace_of(work).is_sandbox
    return [_view(each, shows_secrets=shows_secrets) for each in work.session.scalars(statement)]


def _view(message: OutboxMessage, *, shows_secrets: bool) -> MessageView:
    place = message.workspace_id, _TABLE
    secret = message.kind == "code" and not shows_secrets
    return MessageView(
        message.id,
        message.kind,
        message.channel,
        masked_phone(decrypt(message.to_encrypted, *place, "to", message.id)),
        None if secret else decrypt(message.text_encrypted, *place, "text", message.id),
        message.state,
        message.created_at,
        message.sent_at,
    )
