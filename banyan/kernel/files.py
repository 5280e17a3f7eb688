"""Files: a folder on one machine or an S3-compatible store at scale, behind one set of words.

Names are made by us, under a workspace's own prefix; nothing a caller sends becomes a path.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urlsplit
from uuid import UUID

from obstore.store import LocalStore, ObjectStore, S3Store


class Files:
    """The file store of an installation."""

    def __init__(self, store: ObjectStore) -> None:
        """Keep files in `store`."""
        self._store = store

    @classmethod
    def open(cls, url: str) -> "Files":
        """Open `file:///folder` or `s3://bucket/prefix` (credentials as AWS tools find them).

        Raises ValueError for any other kind of address.
        """
        parts = urlsplit(url)
        if parts.scheme == "file":
            folder = Path(unquote(parts.path))
            return cls(LocalStore(folder, mkdir=True))
        if parts.scheme == "s3":
            prefix = parts.path.strip("/")
            return cls(S3Store(parts.netloc, prefix=prefix) if prefix else S3Store(parts.netloc))
        msg = f"BANYAN_FILES_URL: {parts.scheme!r} is neither file nor s3"
        raise ValueError(msg)

    def put(self, workspace_id: UUID, name: str, content: bytes) -> None:
        """Keep `content` under `name`, replacing what was there."""
        self._store.put(_path(workspace_id, name), content)

    def get(self, workspace_id: UUID, name: str) -> bytes | None:
        """Return what is kept under `name`, None when nothing is."""
        try:
            return bytes(self._store.get(_path(workspace_id, name)).bytes())
        except FileNotFoundError:
            return None

    def remove(self, workspace_id: UUID, name: str) -> None:
        """Keep nothing under `name`; again is harmless."""
        try:
            self._store.delete(_path(workspace_id, name))
        except FileNotFoundError:
            return

    def names(self, workspace_id: UUID, prefix: str = "") -> Iterator[str]:
        """Yield the names a workspace keeps files under, in no order."""
        root = f"{workspace_id}/"
        pages = cast("Iterable[Sequence[Mapping[str, str]]]", self._store.list(root + prefix))  # pyright: ignore[reportUnknownMemberType]
        for page in pages:
            for each in page:
                yield each["path"].removeprefix(root)


def _path(workspace_id: UUID, name: str) -> str:
    parts = name.split("/")
    if any(part in {"", ".", ".."} or not part.isprintable() or "\\" in part for part in parts):
        msg = f"not a file name: {name!r}"
        raise ValueError(msg)
    return f"{workspace_id}/{name}"
