"""What the text of the sources must keep to: sizes, names, one place that commits, whole money."""

import ast
from collections.abc import Iterator
from pathlib import Path

import banyan

ROOT = Path(banyan.__file__).parent
REPOSITORY = ROOT.parent
PYTHON_LINES_MOST = 400
VUE_LINES_MOST = 250
NO_NAMES = {"base", "common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
NEAR_MONEY = ("ledger", "rewards", "store", "kernel/money.py", "campaigns/money.py")


def python_files() -> list[Path]:
    tests = (REPOSITORY / "tests").rglob("*.py")
    generated = ROOT / "migrations" / "versions"
    return [file for file in [*ROOT.rglob("*.py"), *tests] if generated not in file.parents]


def web_files(ending: str) -> list[Path]:
    return [
        file
        for file in (REPOSITORY / "web").glob(f"*/src/**/*.{ending}")
        if "node_modules" not in file.parts
    ]


def lines(file: Path) -> int:
    return len(file.read_text().splitlines())


def name_of(file: Path) -> str:
    return str(file.relative_to(REPOSITORY))


def test_files_are_small() -> None:
    large = [name_of(file) for file in python_files() if lines(file) > PYTHON_LINES_MOST]
    large += [name_of(file) for file in web_files("vue") if lines(file) > VUE_LINES_MOST]
    assert not large, large


def test_files_are_named_for_what_they_hold() -> None:
    sources = [*python_files(), *web_files("vue"), *web_files("ts")]
    words = {word.lower() for file in sources for word in (file.stem, *file.parts[-3:-1])}
    assert not words & NO_NAMES


def calls_of(attribute: str) -> Iterator[str]:
    for file in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == attribute
            ):
                yield f"{name_of(file)}:{node.lineno}"


def test_only_the_unit_of_work_commits() -> None:
    elsewhere = [place for place in calls_of("commit") if "banyan/kernel/work.py" not in place]
    assert not elsewhere, elsewhere


def fractions(file: Path) -> Iterator[str]:
    """Yield where `file` uses a number that is not whole."""
    for node in ast.walk(ast.parse(file.read_text())):
        is_fraction = (
            (isinstance(node, ast.Name) and node.id in {"float", "Float", "Double"})
            or (isinstance(node, ast.Constant) and isinstance(node.value, float))
            or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))
        )
        if is_fraction:
            yield f"{name_of(file)}:{node.lineno}"  # pyright: ignore[reportAttributeAccessIssue]


def test_money_is_whole() -> None:
    places = [ROOT / place for place in NEAR_MONEY if (ROOT / place).exists()]
    files = [
        file for place in places for file in ([place] if place.is_file() else place.rglob("*.py"))
    ]
    assert files
    found = [where for file in files for where in fractions(file)]
    assert not found, found
