"""Compare parsed JSON with a struct type and tell everything that does not fit."""

import re
import types
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, Any, Final, Union, cast, get_args, get_origin

import msgspec

from banyan.plays import Problem, Words

__all__ = ["typed_problems"]

_WORDS: Final[dict[str, Words]] = {
    "missing": Words("必填", "This is required"),
    "unknown_field": Words("没有这一项", "There is no such field"),
    "wrong_type": Words("格式不对", "This is of the wrong kind"),
    "too_small": Words("数值太小", "The number is too small"),
    "too_large": Words("数值太大", "The number is too large"),
    "too_short": Words("内容太少", "This is too short"),
    "too_long": Words("内容太多", "This is too long"),
    "not_in_list": Words("不在可选范围内", "This is not one of the choices"),
    "bad_format": Words("写法不符合要求", "This is not written as required"),
    "bad_time": Words("时间需带时区，如 2026-12-01T09:00:00+08:00", "A time needs its zone"),
}

# What msgspec says of a leaf → our code; the first that fits.
_TOLD: Final = (
    (re.compile(r"RFC3339|timezone"), "bad_time"),
    (re.compile(r"of length >="), "too_short"),
    (re.compile(r"of length <="), "too_long"),
    (re.compile(r">="), "too_small"),
    (re.compile(r"<="), "too_large"),
    (re.compile(r"matching regex"), "bad_format"),
    (re.compile(r"Invalid enum value|Invalid value"), "not_in_list"),
)


def typed_problems(kind: Any, data: object, path: str) -> list[Problem]:
    """Return every place below `path` where `data` does not fit the type `kind`."""
    return list(_walk(kind, data, path))


def _problem(path: str, code: str) -> Problem:
    return Problem(path, code, _WORDS[code])


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _walk(kind: Any, data: object, path: str) -> Iterator[Problem]:
    bare, whole = kind, kind
    while get_origin(bare) is Annotated:
        bare = get_args(bare)[0]
    origin = get_origin(bare)
    if origin in (Union, types.UnionType):
        yield from _choice(get_args(bare), data, path)
    elif isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        yield from _struct(bare, data, path)
    elif origin in (tuple, list) and isinstance(data, list | tuple):
        items = list(cast("list[object]", data))
        # The length is judged apart from the items: items that fit anything.
        yield from _leaf(_with_any_items(whole, bare), items, path)
        inner = get_args(bare)[0]
        for index, item in enumerate(items):
            yield from _walk(inner, item, f"{path}[{index}]")
    else:
        yield from _leaf(whole, data, path)


def _with_any_items(whole: Any, bare: Any) -> Any:
    if whole is bare:
        return list[Any]
    return Annotated[(_with_any_items(whole.__origin__, bare), *whole.__metadata__)]


def _choice(kinds: tuple[Any, ...], data: object, path: str) -> Iterator[Problem]:
    if data is None and types.NoneType in kinds:
        return
    others = [kind for kind in kinds if kind is not types.NoneType]
    if len(others) == 1:
        yield from _walk(others[0], data, path)
        return
    if not isinstance(data, dict):
        yield _problem(path, "wrong_type")
        return
    mapping = cast("dict[str, object]", data)
    field = str(others[0].__struct_config__.tag_field)
    if field not in mapping:
        yield _problem(_below(path, field), "missing")
        return
    for kind in others:
        if kind.__struct_config__.tag == mapping[field]:
            rest = {name: value for name, value in mapping.items() if name != field}
            yield from _struct(kind, rest, path)
            return
    yield _problem(_below(path, field), "not_in_list")


_fields = lru_cache(None)(msgspec.structs.fields)


def _struct(kind: type[msgspec.Struct], data: object, path: str) -> Iterator[Problem]:
    if not isinstance(data, dict):
        yield _problem(path, "missing" if data is None else "wrong_type")
        return
    mapping = cast("dict[str, object]", data)
    known: set[str] = set()
    for field in _fields(kind):
        known.add(field.encode_name)
        here = _below(path, field.encode_name)
        if field.encode_name in mapping:
            yield from _walk(field.type, mapping[field.encode_name], here)
        elif field.required:
            yield _problem(here, "missing")
    if kind.__struct_config__.forbid_unknown_fields:
        for name in mapping:
            if name not in known:
                yield _problem(_below(path, str(name)), "unknown_field")


def _leaf(kind: Any, data: object, path: str) -> Iterator[Problem]:
    try:
        msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        told = str(error)
        code = next((code for pattern, code in _TOLD if pattern.search(told)), "wrong_type")
        yield _problem(path, code)
