"""Every route says who may call it, and every refusal says no in both languages."""

import importlib
import pkgutil
import string
from collections.abc import Iterator
from typing import Any

import pytest
from litestar.routes import HTTPRoute

import banyan
from banyan.app import http
from banyan.app.routes import BARE
from banyan.kernel.errors import REFUSALS, Refusal

AUDIENCES = {"member", "key", "participant", "visitor", "public"}


def handlers() -> Iterator[tuple[str, Any]]:
    for route in http.framework().routes:
        assert isinstance(route, HTTPRoute), f"{route.path} is not HTTP"
        for handler in route.route_handlers:
            if handler.opt.get("exclude_from_schema") or handler.http_methods == {"OPTIONS"}:
                continue
            for method in sorted(handler.http_methods - {"HEAD", "OPTIONS"}):
                yield f"{method} {route.path}", handler


# The framework keeps its methods in sets: every worker must collect the same order.
FOUND = sorted(handlers(), key=lambda found: found[0])


def test_there_are_routes() -> None:
    assert {"GET /healthz", "GET /readyz"} <= {name for name, _ in FOUND}


@pytest.mark.parametrize(("name", "handler"), FOUND, ids=[name for name, _ in FOUND])
def test_a_route_declares_audience_and_permission(name: str, handler: Any) -> None:
    assert handler.opt.get("audience") in AUDIENCES, f"{name} names no audience"
    assert "permission" in handler.opt, f"{name} names no permission, not even None"
    if handler.opt["permission"] is not None:
        assert handler.opt["audience"] in {"member", "key"}


@pytest.mark.parametrize(("name", "place"), BARE.items())
def test_a_bare_handler_is_there(name: str, place: str) -> None:
    assert callable(http.named(place)), f"{name}: {place} is missing"


def every_refusal() -> list[Refusal]:
    for package in pkgutil.iter_modules(banyan.__path__):
        if package.ispkg:
            place = importlib.import_module(f"banyan.{package.name}").__path__
            if any(module.name == "refusals" for module in pkgutil.iter_modules(place)):
                importlib.import_module(f"banyan.{package.name}.refusals")
    return list(REFUSALS.values())


@pytest.mark.parametrize("refusal", every_refusal(), ids=lambda refusal: refusal.code)
def test_a_refusal_speaks_both_languages(refusal: Refusal) -> None:
    def places(words: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(words) if name}

    assert refusal.zh
    assert refusal.en
    assert places(refusal.zh) == places(refusal.en)
    assert 400 <= refusal.status < 600
    assert refusal.code.replace("_", "").isalnum()
    assert refusal.code == refusal.code.lower()
