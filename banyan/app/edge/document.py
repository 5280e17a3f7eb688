"""The OpenAPI document: what the routes say of themselves, with the answers they really give."""

from collections.abc import Sequence
from typing import Any, cast

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.utils.sync import AsyncCallable

_PROBLEM = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457).",
    "required": ["type", "title", "status", "code", "params"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "The words, in the caller's language."},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable: programs decide by it."},
        "params": {"type": "object", "additionalProperties": True},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "code", "message"],
                "properties": {
                    "path": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}
_REFUSED = {
    "description": "Refused",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def operation_id(_handler: HTTPRouteHandler, method: str, place: Sequence[object]) -> str:
    """Return a name of one method of one path that no other has."""
    words = [method.lower(), *(str(getattr(part, "name", part)) for part in place)]
    return "_".join(words).replace("-", "_").replace(".", "_")


CONFIG = OpenAPIConfig(
    title="Banyan", version="1", operation_id_creator=operation_id, use_handler_docstrings=True
)


def document_of(made: Litestar) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of an application made with `CONFIG`; it serves no more."""
    for route in made.routes:
        for handler in getattr(route, "route_handlers", ()):
            # What runs in a thread is wrapped; names and words are those of what is inside.
            if isinstance(handler.fn, AsyncCallable):
                handler._fn = handler.fn.func  # noqa: SLF001 - there is no other way to it
    document = made.openapi_schema.to_schema()
    document["components"]["schemas"]["Problem"] = _PROBLEM
    for path in document["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict) and "responses" in operation:
                # The framework announces a 400 of its own shape; ours is a problem, always.
                responses = cast("dict[str, Any]", operation["responses"])
                responses.pop("400", None)
                responses["default"] = _REFUSED
    return document
