"""Files: kept under their workspace, by names we make."""

from pathlib import Path
from uuid import uuid4

import pytest

from banyan.kernel.files import Files


def test_a_file_is_its_workspaces_own(tmp_path: Path) -> None:
    files = Files.open(f"file://{tmp_path}/files")
    mine, theirs = uuid4(), uuid4()
    files.put(mine, "posters/one.png", b"1")
    files.put(mine, "posters/one.png", b"2")
    assert files.get(mine, "posters/one.png") == b"2"
    assert files.get(theirs, "posters/one.png") is None
    assert list(files.names(mine, "posters")) == ["posters/one.png"]
    assert list(files.names(theirs)) == []
    files.remove(mine, "posters/one.png")
    files.remove(mine, "posters/one.png")
    assert files.get(mine, "posters/one.png") is None


@pytest.mark.parametrize(
    "name", ["", "../x", "a/../b", "/etc/passwd", "a\x00", "a\\b", "a//b", "."]
)
def test_a_path_is_no_name(tmp_path: Path, name: str) -> None:
    files = Files.open(f"file://{tmp_path}/files")
    with pytest.raises(ValueError, match="not a file name"):
        files.put(uuid4(), name, b"")


def test_an_unknown_store_is_refused() -> None:
    with pytest.raises(ValueError, match="neither file nor s3"):
        Files.open("ftp://x/y")
