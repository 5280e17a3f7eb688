"""QR codes of share links."""

import io
from functools import lru_cache
from typing import Literal

import segno

from banyan.links.addresses import share_url

Form = Literal["svg", "png"]
MEDIA = {"svg": "image/svg+xml", "png": "image/png"}
QUIET_MODULES = 4
"""The white border a scanner needs (ISO/IEC 18004)."""
PNG_SCALE = 12


@lru_cache(maxsize=1024)
def qr_of(address: str, form: Form) -> bytes:
    """Return the QR code of an address, black on white so that every scanner reads it.

    Error correction M: a thumb or a fold over 15 % of it does no harm.
    """
    made = segno.make(address, error="m", micro=False)
    out = io.BytesIO()
    if form == "svg":
        made.save(
            out,
            kind="svg",
            border=QUIET_MODULES,
            light="#fff",
            dark="#000",
            omitsize=True,
            xmldecl=False,
        )
    else:
        made.save(out, kind="png", border=QUIET_MODULES, scale=PNG_SCALE)
    return out.getvalue()


def qr_code(code: str, form: Form) -> bytes:
    """Return the QR code of the link `code`."""
    return qr_of(share_url(code), form)
