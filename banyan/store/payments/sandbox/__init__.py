"""The sandbox provider: a provider of our own, with a real key and books of its own.

It can be told to be late, silent, double, out of order, to lie about the amount, to fail, to hang.
"""

from banyan.store.payments.sandbox.manners import Manners, manners_of, set_manners
from banyan.store.payments.sandbox.notices import due_notices, signed
from banyan.store.payments.sandbox.provider import (
    Sandbox,
    SandboxPayment,
    new_sandbox_settings,
    pay_in_sandbox,
    sandbox_payment,
)

__all__ = [
    "Manners",
    "Sandbox",
    "SandboxPayment",
    "due_notices",
    "manners_of",
    "new_sandbox_settings",
    "pay_in_sandbox",
    "sandbox_payment",
    "set_manners",
    "signed",
]
