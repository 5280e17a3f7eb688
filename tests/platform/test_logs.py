"""Logs hold no personal data, by name and by looks."""

import json
import logging

import pytest
import structlog

from banyan.app.logs import scrubbed, set_up


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("call 13800138000 now", "call [phone] now"),
        ("call +8613800138000 now", "call [phone] now"),
        ("call 8613800138000 now", "call [phone] now"),
        ("mail li.lei+x@example.com.cn", "mail [email]"),
        ("postgresql://banyan_app:s3cret@/banyan", "postgresql://banyan_app:[…]@/banyan"),
        ("Bearer byn_0123456789abcdef", "Bearer [token]"),
        ("byp=eyJ.abc; x", "[token]; x"),
        ("error\nDETAIL:  Key (phone)=(1) exists", "error\nDETAIL: […]"),
        (
            "quest 0190c9f4-8138-7001-8000-138001380001",
            "quest 0190c9f4-8138-7001-8000-138001380001",
        ),
        ("took 12 ms, 1380013800 rows", "took 12 ms, 1380013800 rows"),
    ],
)
def test_what_looks_personal_is_replaced(words: str, kept: str) -> None:
    assert scrubbed(words) == kept


def test_lines_are_json_and_scrubbed(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        set_up("test")
        try:
            int("no row for 13912345678")
        except ValueError:
            structlog.get_logger().exception("lookup failed", phone="13912345678", rows=3)
        logging.getLogger("library").warning("mail to %s", "a@b.cn")
    finally:
        root.handlers[:], root.level = before
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["message"] for line in lines] == ["lookup failed", "mail to [email]"]
    assert lines[0]["rows"] == 3
    assert lines[0]["process"] == "test"
    assert "no row for [phone]" in lines[0]["exception"]
    assert "13912345678" not in json.dumps(lines)
