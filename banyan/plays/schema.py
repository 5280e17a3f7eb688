"""The form a merchant fills in, drawn from a play's settings struct.

A field's Chinese title and help are the schema's `title` and `description`; the English ones stand
beside them under `x-en`, and `x-widget` names the input when the type alone does not say enough
(`offer`: choose one of the campaign's offers; `good`: choose one of its goods; `minor`: money;
`products`, `categories`: choose some of the shop's, each kept with its name).
"""

from typing import Any, Literal, cast

import msgspec

__all__ = ["field", "settings_schema"]

Schema = dict[str, Any]


def field(
    zh: str,
    en: str,
    *,
    help_zh: str = "",
    help_en: str = "",
    widget: Literal["offer", "good", "minor", "products", "categories"] | None = None,
    ge: int | None = None,
    le: int | None = None,
    most: int | None = None,
) -> msgspec.Meta:
    """Describe one settings field; `ge`/`le` bound numbers, `most` bounds lengths."""
    extra: Schema = {"x-en": {"title": en, "description": help_en or en}}
    if widget:
        extra["x-widget"] = widget
    about: Schema = {"title": zh, "description": help_zh or zh, "extra_json_schema": extra}
    bounds = {"ge": ge, "le": le, "max_length": most}
    about |= {name: bound for name, bound in bounds.items() if bound is not None}
    return msgspec.Meta(**about)


def settings_schema(settings: type[msgspec.Struct]) -> Schema:
    """Return the JSON schema of `settings` with every reference written out in place."""
    schema = msgspec.json.schema(settings)
    definitions = cast("dict[str, Schema]", schema.pop("$defs", {}))

    def written_out(node: object) -> object:
        if isinstance(node, dict):
            mapping = cast("Schema", node)
            if "$ref" in mapping:
                name = str(mapping["$ref"]).rpartition("/")[2]
                rest = {key: value for key, value in mapping.items() if key != "$ref"}
                return written_out({**definitions[name], **rest})
            return {key: written_out(value) for key, value in mapping.items()}
        if isinstance(node, list):
            return [written_out(item) for item in cast("list[object]", node)]
        return node

    return cast("Schema", written_out(schema))
