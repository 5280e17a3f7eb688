"""The sandbox provider: signs its notices with a real key, keeps books of its own, and can be
told to be late, silent, double, out of order, to lie about the amount, to fail or to hang.
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
