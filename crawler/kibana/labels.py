"""What Kibana calls our fields, and what they mean: Chinese and English, field by field.

docs/elasticsearch.md's table is made from it; a test wants a label for every field of the field table.
"""

from __future__ import annotations

import pathlib
import tomllib

from crawler.storage.index.elastic_mapping import mapping
from crawler.storage.index.fields import TABLES

LABELS: dict[str, str] = tomllib.loads(pathlib.Path(__file__).with_name("labels.toml").read_text("utf-8"))


def field_table() -> str:
    """Every field as a row of Markdown: name, meaning, type in the cluster, indices."""
    rows: dict[str, list[str]] = {}
    for table in TABLES:
        for name in (field.name for field in table.fields):
            rows.setdefault(name, []).append(table.alias.removeprefix("talent-"))
    types = {
        name: told["type"] if told.get("enabled", True) else "kept, not searched"
        for table in TABLES
        for name, told in mapping(table.alias)["properties"].items()
    }
    lines = [f"| `{name}` | {LABELS[name]} | {types[name]} | {', '.join(found)} |" for name, found in rows.items()]
    return "\n".join(["| field | meaning | type | in |", "|---|---|---|---|", *lines])
