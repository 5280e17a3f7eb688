"""The sandbox provider: a provider of our own, with a real key and books of its own.

It can be told to be late, silent, double, out of order, to lie about the amount, to fail, to hang.
"""

from banyan.store.payments.sandbox.cashier import (
    SandboxPayment,
    pay_in_sandbox,
    sandbox_payment,
    sandbox_payments,
    settle,
)
from banyan.store.payments.sandbox.manners import Manners, manners_of, set_manners
from banyan.store.payments.sandbox.notices import (
    Due,
    due_notices,
    mark_delivered,
    send_again_later,
    signed,
)
from banyan.store.payments.sandbox.provider import Sandbox, new_sandbox_settings

__all__ = [
    "Due",
    "Manners",
    "Sandbox",
    "SandboxPayment",
    "due_notices",
    "manners_of",
    "mark_delivered",
    "new_sandbox_settings",
    "pay_in_sandbox",
    "sandbox_payment",
    "sandbox_payments",
    "send_again_later",
    "set_manners",
    "settle",
    "signed",
]
