"""Health: `/healthz` says that the process answers, `/readyz` that everything it needs does."""

from typing import Any

from litestar import Response, get
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from banyan.kernel.work import current_database

Answer = tuple[int, dict[str, Any]]


def liveness() -> Answer:
    """Return 200: whoever can say so is alive. Asks nobody else, so a store's fault kills no process."""
    return 200, {"status": "ok"}


def readiness() -> Answer:
    """Return 200, or 503 with what is missing: the database, or its tables."""
    try:
        with current_database().app.connect() as connection:
            connection.execute(text("select 1 from events limit 0"))
    except SQLAlchemyError as error:
        missing = "tables" if "UndefinedTable" in type(error.__cause__).__name__ else "database"
        return 503, {"status": "not ready", "missing": [missing]}
    except RuntimeError:
        return 503, {"status": "not ready", "missing": ["database"]}
    return 200, {"status": "ok"}


def _response(answer: Answer) -> Response[dict[str, Any]]:
    status, body = answer
    headers = {"Retry-After": "2"} if status == 503 else {}  # noqa: PLR2004 - HTTP's word
    return Response(body, status_code=status, headers=headers)


@get("/healthz", opt={"audience": "public", "permission": None}, sync_to_thread=False)
def healthz() -> Response[dict[str, Any]]:
    """Answer that this process lives."""
    return _response(liveness())


@get("/readyz", opt={"audience": "public", "permission": None}, sync_to_thread=True)
def readyz() -> Response[dict[str, Any]]:
    """Answer whether this process can do its work."""
    return _response(readiness())


routes = [healthz, readyz]
