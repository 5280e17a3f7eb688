"""The outbox: a message is put in with what it is about, and delivered by a job afterwards."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import structlog
from sqlalchemy import select, tuple_, update

from banyan.kernel.crypto import decrypt, encrypt
from banyan.kernel.ids import new_id
from banyan.kernel.jobs import Job, enqueue, job
from banyan.kernel.work import SYSTEM, Work, unit_of_work
from banyan.messages import aliyun
from banyan.messages.models import OutboxMessage
from banyan.messages.sms import sms_account
from banyan.messages.wording import GOOD_FOR, fields_of_code, fields_of_invitation
from banyan.people import agreed_to_messages, masked_phone
from banyan.workspaces import workspace_of

logger = structlog.get_logger()

CONSOLE = "console"
"""The channel that delivers to the console's outbox page: for trying things out."""
SMS = "sms"
"""The channel that delivers to a phone, by the account that this installation has."""
DELIVER = "messages.deliver"
TEXT = "messages.text"
CODE = "code"
INVITATION = "invitation"
"""The kind that only who agreed to be written to gets."""
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


def channel_of(work: Work) -> str:
    """Return how this workspace's messages go: by text message, if it is no sandbox and we can."""
    return CONSOLE if workspace_of(work).is_sandbox or sms_account() is None else SMS


def send(
    work: Work,
    *,
    to_e164: str,
    text: str,
    kind: str,
    channel: str = CONSOLE,
    message_id: UUID | None = None,
    person_id: UUID | None = None,
) -> UUID:
    """Put a message into the outbox, to be delivered once this transaction stands.

    `message_id` None: a new one. `person_id` is whose agreement it needs, if it needs one.
    """
    message_id = message_id or new_id()
    message = OutboxMessage(
        workspace_id=work.workspace_id,
        id=message_id,
        kind=kind,
        person_id=person_id,
        channel=channel,
        to_encrypted=encrypt(to_e164, work.workspace_id, _TABLE, "to", message_id),
        text_encrypted=encrypt(text, work.workspace_id, _TABLE, "text", message_id),
        state="queued",
        created_at=work.now,
        sent_at=None,
    )
    work.session.add(message)
    work.session.flush()
    name = DELIVER if channel == CONSOLE else TEXT
    enqueue(work, [Job(name, {"message_id": str(message_id)}, key=str(message_id))])
    return message_id


@job(DELIVER)
def deliver(work: Work, *, message_id: str) -> None:
    """Deliver one message by the console; one that is delivered already stays as it is.

    It delivers by being read: the message stands on the outbox page.
    """
    message = work.session.get(OutboxMessage, (work.workspace_id, UUID(message_id)))
    if message is not None:
        outcome = "sent" if _is_agreed(work, message) else "stopped"
        _settle(work, message.id, CONSOLE, outcome)


@job(TEXT, opens_work=True)
def deliver_text(workspace_id: UUID, *, message_id: str) -> None:
    """Deliver one message to a phone; a code that is too old to be of use is left.

    Raises `aliyun.NotSent` when it should be tried again. A crash between the sending and its note
    sends the same words once more, which does no harm.
    """
    with unit_of_work(workspace_id, SYSTEM) as work:
        message = work.session.get(OutboxMessage, (workspace_id, UUID(message_id)))
        if message is None or message.state != "queued":
            return
        place = workspace_id, _TABLE
        to = decrypt(message.to_encrypted, *place, "to", message.id)
        text = decrypt(message.text_encrypted, *place, "text", message.id)
        is_late = message.kind == CODE and work.now - message.created_at > GOOD_FOR
        is_agreed = _is_agreed(work, message)
        kind = message.kind
    account, outcome = sms_account(), "failed"
    fields = fields_of_invitation(text) if kind == INVITATION else fields_of_code(text)
    if not is_agreed:
        outcome = "stopped"
    elif account is not None and fields and not is_late:
        template = account.invitation_template if kind == INVITATION else account.code_template
        try:
            aliyun.send_text(account, to, template, fields, message_id)
            outcome = "sent"
        except aliyun.Declined as declined:
            # Its words name no number: only the code of the refusal and its explanation.
            logger.warning("text_declined", message=message_id, why=str(declined))
    with unit_of_work(workspace_id, SYSTEM) as work:
        _settle(work, UUID(message_id), SMS, outcome)


def _is_agreed(work: Work, message: OutboxMessage) -> bool:
    """Whether the message may go: who was to get it still agrees, if it needs that."""
    person = message.person_id
    return person is None or person in agreed_to_messages(work, [person])


def _settle(work: Work, message_id: UUID, channel: str, state: str) -> None:
    work.session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == message_id,
            OutboxMessage.state == "queued",
            OutboxMessage.channel == channel,
        )
        .values(state=state, sent_at=work.now if state == "sent" else None)
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
    secret = message.kind == CODE and not shows_secrets
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
