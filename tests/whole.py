"""Every invariant, asked at the end of a test."""

from banyan.app.verify import findings


def assert_whole() -> None:
    """Fail with every promise that stored rows break."""
    broken = [
        f"{package} {found.invariant.id}: {found.invariant.statement}: {found.violations}"
        for package, found in findings()
        if found.count
    ]
    assert not broken, "\n".join(broken)
