"""What Kibana calls our fields, and what they mean: Chinese and English, field by field.

docs/elasticsearch.md's table is made from it; a test wants a label for every field of the field table.
"""

from __future__ import annotations

import pathlib
import tomllib

LABELS: dict[str, str] = tomllib.loads(pathlib.Path(__file__).with_name("labels.toml").read_text("utf-8"))
