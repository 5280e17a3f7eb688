"""The built web: the console with its history fallback, and the assets of the H5 pages.

Files are read once, kept in memory with their gzipped twin, and read again when they change.
Hashed assets never change, so browsers may keep them for ever.
"""

import gzip
import mimetypes
from pathlib import Path
from typing import NamedTuple

from banyan.kernel.asgi import Header, Scope, Send, answer, header

_GZIP_FROM_BYTES = 1024
_COMPRESSIBLE = ("text/", "application/javascript", "application/json", "image/svg+xml")
_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
IMMUTABLE = b"public, max-age=31536000, immutable"


class _File(NamedTuple):
    changed_ns: int
    body: bytes
    gzipped: bytes | None
    type: bytes
    etag: bytes


class StaticFiles:
    """The files of one folder under one root path."""

    def __init__(self, root: str, folder: Path, *, fallback: str | None = None) -> None:
        """Serve `folder` under `root` (as "/console/"); pages without a file get `fallback`."""
        self._root = root
        self._folder = folder.resolve()
        self._fallback = fallback
        self._files: dict[Path, _File] = {}

    async def serve(self, scope: Scope, send: Send) -> bool:
        """Answer when there is such a file (or the fallback fits); whether it did."""
        if scope["method"] not in {"GET", "HEAD"} or not scope["path"].startswith(self._root):
            return False
        inside = scope["path"][len(self._root) :]
        found = self._find(inside)
        if found is None and self._fallback and "." not in inside.rpartition("/")[2]:
            inside = self._fallback
            found = self._find(inside)
        if found is None:
            return False
        is_asset = inside.startswith("assets/")
        headers: list[Header] = [
            (b"content-type", found.type),
            (b"cache-control", IMMUTABLE if is_asset else b"no-cache"),
            (b"etag", found.etag),
            (b"vary", b"accept-encoding"),
        ]
        if header(scope, b"if-none-match").encode("latin-1") == found.etag:
            await answer(send, 304, headers)
            return True
        body = found.body
        if found.gzipped is not None and "gzip" in header(scope, b"accept-encoding"):
            body = found.gzipped
            headers.append((b"content-encoding", b"gzip"))
        if scope["method"] == "HEAD":
            headers.append((b"content-length", str(len(body)).encode()))
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
        else:
            await answer(send, 200, headers, body)
        return True

    def _find(self, inside: str) -> _File | None:
        if not inside or "\0" in inside or "\\" in inside:
            return None
        path = self._folder / inside
        try:
            path = path.resolve()
            if not path.is_relative_to(self._folder) or not path.is_file():
                return None
            changed_ns = path.stat().st_mtime_ns
            kept = self._files.get(path)
            if kept is None or kept.changed_ns != changed_ns:
                kept = self._files[path] = _read(path, changed_ns)
        except (OSError, ValueError):
            return None
        return kept


def _read(path: Path, changed_ns: int) -> _File:
    body = path.read_bytes()
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    kind = kind or "application/octet-stream"
    compressible = kind.startswith(_COMPRESSIBLE) and len(body) >= _GZIP_FROM_BYTES
    gzipped: bytes | None = None
    if compressible:
        twin = path.with_name(path.name + ".gz")
        gzipped = twin.read_bytes() if twin.is_file() else gzip.compress(body, 9, mtime=0)
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    etag = f'"{changed_ns:x}-{len(body):x}"'.encode()
    return _File(changed_ns, body, gzipped, f"{kind}{charset}".encode(), etag)
