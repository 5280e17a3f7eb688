"""The participants' page: one HTML answer with the page's state inside it.

The built `h5/dist/index.html` is read once and again only when it changes. What a merchant or a
participant wrote is data here, never markup: text is escaped for the place it goes to.
"""

import html
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

_STATE = re.compile(rb'(<script\b[^>]*\bid="state"[^>]*>)(.*?)(</script>)', re.DOTALL)
_TITLE = re.compile(rb"<title>.*?</title>", re.DOTALL)
_LANGUAGE = re.compile(rb'<html\b[^>]*\blang="[^"]*"')
_HEAD = b"<!--head-->"

_DANGEROUS = (
    (b"&", b"\\u0026"),
    (b"<", b"\\u003c"),
    (b">", b"\\u003e"),
    ("\u2028".encode(), b"\\u2028"),
    ("\u2029".encode(), b"\\u2029"),
)

_PLAIN = b"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Banyan</title>
<!--head--></head><body><main id="app"></main>
<script type="application/json" id="state"></script></body></html>
"""
"""Served while the pages are not built: the state is there, and the words a person needs."""


def json_in_html(value: object) -> bytes:
    """Return `value` as JSON that cannot end the script element it stands in."""
    encoded = msgspec.json.encode(value)
    for raw, safe in _DANGEROUS:
        encoded = encoded.replace(raw, safe)
    return encoded


class Pages:
    """The built page of `web_dist/h5/dist`, filled for each answer."""

    def __init__(self, web_dist: Path) -> None:
        """Remember where the built pages are; they may be built later."""
        self._path = web_dist / "h5" / "dist" / "index.html"
        self._changed_ns = -1
        self._template = _PLAIN

    def page(
        self,
        state: Mapping[str, Any] | None,
        *,
        title: str,
        summary: str,
        address: str,
        language: str,
    ) -> bytes:
        """Return the page with `state` inside, and the words a chat shows for its link."""
        template = self._read()
        filled = _STATE.sub(
            lambda found: found[1] + json_in_html(state) + found[3], template, count=1
        )
        filled = _TITLE.sub(b"", filled, count=1)
        spoken = b'<html lang="en"' if language.startswith("en") else b'<html lang="zh-CN"'
        filled = _LANGUAGE.sub(spoken, filled, count=1)
        return filled.replace(_HEAD, _head(title, summary, address), 1)

    def _read(self) -> bytes:
        try:
            changed_ns = self._path.stat().st_mtime_ns
        except FileNotFoundError:
            return _PLAIN
        if changed_ns != self._changed_ns:
            self._template = self._path.read_bytes()
            self._changed_ns = changed_ns
        return self._template


def _head(title: str, summary: str, address: str) -> bytes:
    said = {
        "og:type": "website",
        "og:title": title,
        "og:description": summary,
        "og:url": address,
    }
    lines = [
        f"<title>{html.escape(title)}</title>",
        f'<meta name="description" content="{html.escape(summary)}">',
        *(f'<meta property="{key}" content="{html.escape(text)}">' for key, text in said.items()),
    ]
    return "\n".join(lines).encode()
