"""Calls go down, a package is entered by its front door, and a port has two sides."""

import ast
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from importlinter.cli import lint_imports

import banyan

ROOT = Path(banyan.__file__).parent
OPEN_TO_ALL = {"events"}
"""What any package above may import besides the front door."""
WIRING = OPEN_TO_ALL | {
    "admin_api", "public_api", "invariants", "jobs", "listeners", "models",
}  # fmt: skip
"""What the edge may import besides, to put the house together."""


def test_packages_import_only_lower_bands() -> None:
    assert lint_imports(no_cache=True) == 0


def crossings(graph: grimp.ImportGraph) -> Iterator[tuple[str, str]]:
    """Yield each import that leaves one package for the inside of another."""
    for importer in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            here, there = importer.split("."), imported.split(".")
            if here[1:2] != there[1:2] and len(there) > 2 and there[1] not in {"kernel", "app"}:
                yield importer, imported


def test_a_package_is_entered_by_its_front_door() -> None:
    graph = grimp.build_graph("banyan", cache_dir=None)
    broken = [
        f"{importer} imports {imported}"
        for importer, imported in crossings(graph)
        if imported.split(".")[2]
        not in (WIRING if importer.startswith("banyan.app") else OPEN_TO_ALL)
    ]
    assert not broken, "\n".join(broken)


def protocols() -> Iterator[tuple[Path, ast.ClassDef]]:
    for file in ROOT.rglob("ports.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ClassDef) and any(
                "Protocol" in ast.unparse(each) for each in node.bases
            ):
                yield file, node


def methods(node: ast.ClassDef) -> set[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {each.name for each in node.body if isinstance(each, kinds)}


@pytest.mark.parametrize(
    ("file", "port"), [pytest.param(*found, id=found[1].name) for found in protocols()]
)
def test_a_port_has_two_sides(file: Path, port: ast.ClassDef) -> None:
    sides = [
        node.name
        for other in file.parent.rglob("*.py")
        if other != file
        for node in ast.walk(ast.parse(other.read_text()))
        if isinstance(node, ast.ClassDef) and methods(port) <= methods(node)
    ]
    assert len(sides) >= 2, f"{port.name} has {sides}: without two it is no port"
