"""Every table of every package, for the migrations and the tests that look at all of them."""

import importlib
import importlib.util
import pkgutil

from sqlalchemy import MetaData

import banyan
from banyan.kernel.db import Base

KERNEL_TABLES = ("events", "jobs", "relay", "requests")
"""Modules of the kernel that hold tables."""


def all_tables() -> MetaData:
    """Import every `models` module (and the kernel's) and return the tables they declare.

    A package is found by its folder, so none can be forgotten.
    """
    for name in KERNEL_TABLES:
        if _exists("banyan.kernel", name):
            importlib.import_module(f"banyan.kernel.{name}")
    for package in pkgutil.iter_modules(banyan.__path__):
        if package.ispkg and _exists(f"banyan.{package.name}", "models"):
            importlib.import_module(f"banyan.{package.name}.models")
    return Base.metadata


def _exists(package: str, module: str) -> bool:
    found = importlib.util.find_spec(package)
    places = found.submodule_search_locations if found else None
    return any(each.name == module for each in pkgutil.iter_modules(places or []))
