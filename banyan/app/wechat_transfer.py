"""WeChat Pay's merchant transfer (商家转账, API v3) as a way of paying people.

It uses the account the merchant takes money with: the same keys sign, the same checks read the
answers. The same `out_bill_no` is the same transfer.
"""

from typing import Any, Final, Literal
from urllib.parse import quote
from uuid import UUID

from banyan import rewards, store
from banyan.kernel.errors import Refused

Declined, Unreachable = rewards.payouts.Declined, rewards.payouts.Unreachable
Said = rewards.payouts.Said

BILLS: Final = "/v3/fund-app/mch-transfer/transfer-bills"
NAME_FROM_MINOR: Final = 200_000
"""From 2,000 CNY on WeChat Pay wants the receiver's name, which we do not keep."""
NOT_THERE: Final = frozenset({"NOT_FOUND", "RECORD_NOT_EXISTS", "RESOURCE_NOT_EXISTS"})

STATES: Final[dict[str, Literal["waiting", "done", "failed"]]] = {
    "ACCEPTED": "waiting",
    "PROCESSING": "waiting",
    "WAIT_USER_CONFIRM": "waiting",
    "TRANSFERING": "waiting",
    "CANCELING": "waiting",
    "SUCCESS": "done",
    "FAIL": "failed",
    "CANCELLED": "failed",
}


class WechatTransfer:
    """One merchant's account, paying."""

    def __init__(self, account: store.WechatPay) -> None:
        """Pay from `account`."""
        self._account = account

    def pay(self, ask: rewards.payouts.PayoutAsk) -> Said:
        """See `PayoutPort.pay`. `payee` is the receiver's openid."""
        if not ask.scene:
            msg = "SCENE_NEEDED: transfers are paid under a registered scene only"
            raise Declined(msg)
        if ask.amount_minor >= NAME_FROM_MINOR:
            msg = "NAME_NEEDED: from 2,000 CNY on the receiver's name is needed"
            raise Declined(msg)
        body = {
            "appid": self._account.settings.app,
            "out_bill_no": ask.request_number,
            "transfer_scene_id": ask.scene,
            "openid": ask.payee,
            "transfer_amount": ask.amount_minor,
            "transfer_remark": ask.remark[:32],
            "transfer_scene_report_infos": [
                {"info_type": "活动名称", "info_content": ask.remark[:32]},
                {"info_type": "奖励说明", "info_content": ask.remark[:32]},
            ],
        }
        made = self._call("POST", BILLS, body)
        return self._said({"transfer_amount": ask.amount_minor} | made)

    def find(self, request_number: str) -> Said | None:
        """See `PayoutPort.find`."""
        try:
            return self._said(self._call("GET", f"{BILLS}/out-bill-no/{quote(request_number)}"))
        except Declined as declined:
            if str(declined).partition(":")[0] in NOT_THERE:
                return None
            # A question that was refused says nothing of the transfer.
            raise Unreachable(str(declined)) from declined

    def _call(self, method: str, target: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            return self._account.call(method, target, body)
        except store.Declined as declined:
            raise Declined(str(declined)) from declined
        except store.Unreachable as unreachable:
            raise Unreachable(str(unreachable)) from unreachable

    def _said(self, bill: dict[str, Any]) -> Said:
        try:
            return Said(
                request_number=bill["out_bill_no"],
                provider_number=bill["transfer_bill_no"],
                state=STATES[bill["state"]],
                amount_minor=bill["transfer_amount"],
                currency="CNY",
                problem=bill.get("fail_reason", "") or "",
            )
        except KeyError as error:
            msg = f"an answer without {error}"
            raise Unreachable(msg) from error


def wechat_transfer(workspace_id: UUID) -> WechatTransfer:
    """Return the merchant's account. Raises Unreachable when there is none (any more)."""
    try:
        account = store.provider_of(workspace_id, store.WechatPay.key)
    except Refused as refused:
        raise Unreachable(refused.refusal.code) from refused
    if not isinstance(account, store.WechatPay):
        raise TypeError(account)
    return WechatTransfer(account)
