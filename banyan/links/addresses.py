"""Addresses: what people open, write down and scan."""

from functools import cache

from banyan.kernel import settings


def share_url(code: str) -> str:
    """Return the address of the link `code`, absolute, as it stands in a message or a QR code."""
    return f"{_base_url()}/s/{code}"


def absolute(path: str) -> str:
    """Return the address of one of our own paths, for whoever reads it outside of a page."""
    return f"{_base_url()}{path}"


@cache
def _base_url() -> str:
    return settings.load().base_url
