"""Messages: what we say to people, the channels it goes by, and one-time codes.

Owns:   outbox_messages, one_time_codes
Calls:  people, workspaces
Events: none
"""

from banyan.messages.codes import CodeCheck, ask_code, check_code
from banyan.messages.invitations import invite
from banyan.messages.outbox import MessageView, outbox_page, send
from banyan.messages.wording import invitation_text

__all__ = [
    "CodeCheck",
    "MessageView",
    "ask_code",
    "check_code",
    "invitation_text",
    "invite",
    "outbox_page",
    "send",
]
