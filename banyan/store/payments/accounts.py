"""The merchant's accounts at payment providers, and the adapter for each."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec

from banyan import workspaces
from banyan.kernel.crypto import decrypt, encrypt
from banyan.kernel.errors import Refused
from banyan.kernel.ids import derived_id
from banyan.kernel.work import SYSTEM, Work, unit_of_work
from banyan.store import refusals
from banyan.store.payments.alipay import Alipay
from banyan.store.payments.ports import Provider
from banyan.store.payments.sandbox import Sandbox, new_sandbox_settings
from banyan.store.payments.wechat_pay import WechatPay

Settings = dict[str, Any]

ADAPTERS: dict[str, Callable[[UUID, Settings], Provider]] = {
    "sandbox": Sandbox.from_settings,
    "wechat_pay": WechatPay.from_settings,
    "alipay": Alipay.from_settings,
}


def save_account(work: Work, provider: str, settings: Settings, *, is_on: bool = True) -> None:
    """Keep the merchant's keys at `provider`, encrypted. Raises `payment_provider_off`."""
    if provider not in ADAPTERS:
        raise Refused(refusals.NO_PROVIDER)
    account_id = derived_id("payment account", work.workspace_id, provider)
    sealed = encrypt(
        msgspec.json.encode(settings).decode(),
        *(work.workspace_id, "payment_accounts", "settings", account_id),
    )
    work.driver.execute(
        """
        insert into payment_accounts (workspace_id, id, provider, state, settings_encrypted,
                                      created_at, changed_at)
        values (%s, %s, %s, %s, %s, %s, %s)
        on conflict (workspace_id, provider) do update
        set state = excluded.state, settings_encrypted = excluded.settings_encrypted,
            changed_at = excluded.changed_at
        """,
        (
            *(work.workspace_id, account_id, provider, "on" if is_on else "off", sealed),
            *(work.now, work.now),
        ),
    )


def switch_account(work: Work, provider: str, *, is_on: bool) -> None:
    """Take money at `provider` again or no more, by the keys it has. Raises `payment_provider_off`."""
    row = work.driver.execute(
        "update payment_accounts set state = %s, changed_at = %s"
        " where workspace_id = %s and provider = %s returning id",
        ("on" if is_on else "off", work.now, work.workspace_id, provider),
    ).fetchone()
    if row is None:
        raise Refused(refusals.NO_PROVIDER)


def providers_kept(work: Work) -> set[str]:
    """Return the providers whose keys the merchant has entered, switched on or off."""
    rows = work.driver.execute(
        "select provider from payment_accounts where workspace_id = %s", (work.workspace_id,)
    )
    return {provider for (provider,) in rows}


def providers_on(work: Work) -> list[str]:
    """Return the providers at which the merchant takes money; a sandbox always has its own."""
    rows = work.driver.execute(
        "select provider from payment_accounts where workspace_id = %s and state = 'on'"
        " order by provider",
        (work.workspace_id,),
    )
    found = [row[0] for row in rows]
    if "sandbox" not in found and workspaces.workspace_of(work).is_sandbox:
        found.append("sandbox")
    return found


def provider_of(workspace_id: UUID, key: str) -> Provider:
    """Return the adapter with the merchant's keys, in a transaction of its own.

    Raises `payment_provider_off`. The sandbox provider works only in a sandbox workspace, and
    makes its keys when it is first asked for.
    """
    with unit_of_work(workspace_id, SYSTEM) as work:
        if key == "sandbox" and not workspaces.workspace_of(work).is_sandbox:
            raise Refused(refusals.NO_PROVIDER)
        settings = _settings(work, key)
        if settings is None and key == "sandbox":
            # Two who come first at once must not each keep their own key.
            work.driver.execute(
                "select pg_advisory_xact_lock(hashtextextended(%s, 0))",
                (f"sandbox account {workspace_id}",),
            )
            settings = _settings(work, key)
            if settings is None:
                settings = new_sandbox_settings()
                save_account(work, key, settings)
    if settings is None or key not in ADAPTERS:
        raise Refused(refusals.NO_PROVIDER)
    return ADAPTERS[key](workspace_id, settings)


def _settings(work: Work, key: str) -> Settings | None:
    row = work.driver.execute(
        "select id, settings_encrypted from payment_accounts"
        " where workspace_id = %s and provider = %s and state = 'on'",
        (work.workspace_id, key),
    ).fetchone()
    if row is None:
        return None
    opened = decrypt(row[1], work.workspace_id, "payment_accounts", "settings", row[0])
    return msgspec.json.decode(opened, type=dict[str, Any])
