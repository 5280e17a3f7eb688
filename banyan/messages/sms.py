"""The account by which this installation sends text messages, from its environment."""

import os
from collections.abc import Mapping

from banyan.messages.aliyun import ADDRESS, Account

NEEDED = {
    "key_id": "BANYAN_SMS_KEY_ID",
    "key_secret": "BANYAN_SMS_KEY_SECRET",
    "sign": "BANYAN_SMS_SIGN",
    "code_template": "BANYAN_SMS_CODE_TEMPLATE",
}


def sms_account(env: Mapping[str, str] | None = None) -> Account | None:
    """Return the account, None when none is set.

    Raises ValueError when it is set by halves: then codes would silently go nowhere.
    """
    env = os.environ if env is None else env
    given = {field: env.get(name, "").strip() for field, name in NEEDED.items()}
    missing = [NEEDED[field] for field, value in given.items() if not value]
    if len(missing) == len(NEEDED):
        return None
    if missing:
        msg = f"to send text messages, set {', '.join(missing)} as well"
        raise ValueError(msg)
    return Account(
        **given,
        address=env.get("BANYAN_SMS_URL") or ADDRESS,
        invitation_template=env.get("BANYAN_SMS_INVITATION_TEMPLATE", "").strip(),
    )
