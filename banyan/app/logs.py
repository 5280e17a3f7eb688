"""Structured logs: one JSON object a line, with no personal data in it.

Personal data is kept out twice: by the name of a field, and by its looks, for what sits inside a
message or a traceback (a database's error quotes the row it refused).
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

PERSONAL_FIELDS = frozenset(
    {
        "address", "authorization", "body", "code", "cookie", "email", "identity", "ip", "link_code",
        "name", "nickname", "openid", "password", "phone", "phone_e164", "secret", "text", "to",
        "token", "unionid", "url", "user_agent",
    }
)  # fmt: skip

_LOOKS = (
    # A link to the database holds its password.
    (re.compile(r"(\w+://[^:/\s]+:)[^@\s]+@"), r"\1[…]@"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "[email]"),
    # A telephone number: 11 digits of a Chinese mobile, or + and 7 to 15 digits.
    (re.compile(r"(?<![\w-])(?:\+\d{7,15}|(?:86)?1[3-9]\d{9})(?![\w-])"), "[phone]"),
    (re.compile(r"\b(?:byn_|by[pvas]=)[\w.~-]+"), "[token]"),
    # What PostgreSQL quotes of the row it refused.
    (re.compile(r"(?m)^(DETAIL:|\s*Failing row contains).*$"), r"\1 […]"),
)

Line = MutableMapping[str, Any]


def without_personal_data(_logger: object, _method: str, line: Line) -> Line:
    """Replace what is personal in `line`, by field name and by looks."""
    for field, value in line.items():
        if field in PERSONAL_FIELDS:
            line[field] = "[…]"
        elif isinstance(value, str):
            line[field] = scrubbed(value)
        elif not isinstance(value, int | float | bool | None):
            line[field] = scrubbed(str(value))
    return line


def scrubbed(words: str) -> str:
    """Return `words` with everything that looks personal replaced."""
    for looks, instead in _LOOKS:
        words = looks.sub(instead, words)
    return words


def set_up(process: str, *, level: int = logging.INFO) -> None:
    """Send this process's logs, the libraries' included, to standard output as JSON lines."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_personal_data,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.EventRenamer("message"),
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    structlog.contextvars.bind_contextvars(process=process)
