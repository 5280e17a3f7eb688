"""The audit that ends every run: a figure whose books do not agree is not a figure."""

from banyan.app.verify import findings


class AuditError(AssertionError):
    """What was counted does not agree: the figures are worth nothing."""


def every_invariant_holds() -> None:
    """Check every invariant of every package on this process's database; raise `AuditError`."""
    broken = [finding.invariant.id for _, finding in findings() if finding.count]
    if broken:
        msg = f"invariants broken: {', '.join(broken)}"
        raise AuditError(msg)
