"""`banyan openapi`: the description of the API, from which the web's client is generated."""

import sys
from pathlib import Path

import msgspec


def description() -> bytes:
    """Return the OpenAPI document of every route, with its keys in order, so that it can be compared."""
    from banyan.app import http  # noqa: PLC0415 - the whole edge, only when asked

    document = msgspec.json.encode(http.openapi(), order="sorted")
    return msgspec.json.format(document, indent=2) + b"\n"


def openapi(file: Path, *, check: bool = False) -> None:
    """Write the description to `file`; with `--check`, only say whether the file is in step."""
    made = description()
    if not check:
        file.write_bytes(made)
    elif not file.exists() or file.read_bytes() != made:
        sys.exit(f"{file} is not in step with the server: run `make openapi` and commit it")
