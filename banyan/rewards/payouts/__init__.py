"""Payouts: a person's own cash on its way to them, by a sandbox, by WeChat Pay or by hand."""

from banyan.rewards.payouts.asking import (
    PayoutRequest,
    approve_payout,
    ask_payout,
    record_manual,
    reject_payout,
)
from banyan.rewards.payouts.listing import (
    PayoutView,
    approval_of,
    payout_list,
    payouts_of,
    stuck_payouts,
)
from banyan.rewards.payouts.providers import (
    Declined,
    PayoutAsk,
    PayoutPort,
    Said,
    Unreachable,
    add_payout_adapter,
)
from banyan.rewards.payouts.raising import (
    TermsView,
    ask_payout_terms,
    confirm_payout_terms,
    drop_payout_terms,
    terms_view,
)
from banyan.rewards.payouts.sandbox import deliver_sandbox_payout_notices, set_payer_manner
from banyan.rewards.payouts.sending import due_payouts, send_payout
from banyan.rewards.payouts.terms import PayoutTerms, judged, payout_terms, set_payout_terms

__all__ = [
    "Declined",
    "PayoutAsk",
    "PayoutPort",
    "PayoutRequest",
    "PayoutTerms",
    "PayoutView",
    "Said",
    "TermsView",
    "Unreachable",
    "add_payout_adapter",
    "approval_of",
    "approve_payout",
    "ask_payout",
    "ask_payout_terms",
    "confirm_payout_terms",
    "deliver_sandbox_payout_notices",
    "drop_payout_terms",
    "due_payouts",
    "judged",
    "payout_list",
    "payout_terms",
    "payouts_of",
    "record_manual",
    "reject_payout",
    "send_payout",
    "set_payer_manner",
    "set_payout_terms",
    "stuck_payouts",
    "terms_view",
]
