"""Bodies mean what they say: "1e3" is a text, never the number 1000; true is no 1.

The framework converts texts to numbers wherever a number is wanted, which is right for query
parameters and wrong for a quantity or an amount.
"""

from typing import Any

import msgspec
from litestar.connection import ASGIConnection, Request
from litestar.exceptions import ValidationException
from litestar.handlers import BaseRouteHandler


async def exact(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse a JSON body that fits its type only after conversion."""
    wanted = handler.parsed_data_field
    if wanted is None or not isinstance(connection, Request):
        return
    body = await connection.body()
    if not body:
        return
    try:
        msgspec.json.decode(body, type=wanted.annotation)
    except msgspec.ValidationError as error:
        if not _is_json(body):
            return
        raise ValidationException(extra=[{"message": str(error), "key": "data"}]) from None
    except (msgspec.DecodeError, RecursionError):
        # No JSON at all: the framework says so in its own words.
        return


def _is_json(body: bytes) -> bool:
    try:
        msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True
