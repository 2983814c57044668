"""Indices behind the aliases: made, filled beside the live ones, swapped in one step, removed.

A generation is one index for each table, all made together; ``_meta`` of its releases says which
schema and folding made it, and its identity.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from crawler.errors import IndexUnavailable
from crawler.query.folding import FOLDING_VERSION
from crawler.storage.index.elastic_client import IndexMissing, IndexOutdated, translated
from crawler.storage.index.elastic_mapping import POLICIES, SCHEMA_VERSION, aliases, body, building, templates
from crawler.storage.index.fields import RELEASES, TABLES

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

#: How long a cluster may take to place a new, empty index; one with room does it in a second.
PLACED_WITHIN = "15s"
_NAME = re.compile(r"(talent-[a-z]+)-(v\d+-\d+-[0-9a-f]+)")


def meta(client: Elasticsearch) -> dict[str, Any]:
    """What the live generation was made by; empty where there is none."""
    try:
        return _meta(client, RELEASES)
    except IndexMissing:
        return {}


def check_version(known: Mapping[str, Any]) -> None:
    """Raise `IndexOutdated` where another version of this program made it."""
    if not _is_ours(known):
        raise IndexOutdated(
            "the index in the cluster was made by another version of this program",
            "Run `talentwatch index migrate`; searches go on meanwhile.",
        )


def make(client: Elasticsearch, identity: str, *, live: bool, owner: str | None = None) -> str:
    """A new generation, behind the live aliases or those of a migration; ``owner`` is the id of the database
    that fills it. Returns its name."""
    nodes = int(client.cluster.health()["number_of_data_nodes"])
    _put_templates(client)
    generation = f"v{SCHEMA_VERSION}-{time.time_ns() // 1_000_000}-{secrets.token_hex(2)}"
    # Releases last: whoever finds them finds all.
    for table in reversed(TABLES):
        made = body(table.alias, identity, replicas=1 if nodes > 1 else 0)
        if owner is not None:
            made["mappings"]["_meta"]["talentwatch"]["owner"] = owner
        own = aliases(table.alias) if live else _building_aliases(table.alias)
        # Nobody searches what is being filled: a refresh each second would only cost.
        pace = {} if live else {"refresh_interval": "-1"}
        told = client.indices.create(
            index=f"{table.alias}-{generation}", settings=made["settings"] | pace, mappings=made["mappings"],
            aliases=own, wait_for_active_shards=1, timeout=PLACED_WITHIN,
        )  # fmt: skip
        if not told["shards_acknowledged"]:
            discard(client, generation)
            raise IndexUnavailable(
                f"the cluster has no room for a new index: no node took it within {PLACED_WITHIN}",
                "Free space on the nodes: no disk over its low mark takes a new index; GET "
                "_cluster/allocation/explain says more. The live index stays as it is.",
            )
    return generation


def is_building(client: Elasticsearch) -> bool:
    """Whether a migration is under way."""
    with translated():
        return bool(client.indices.exists_alias(name=building(RELEASES)))


def left_over(client: Elasticsearch, *, owner: str | None = None) -> str | None:
    """The generation that an interrupted migration of this version (from the database ``owner``) left whole;
    anything else that one left is removed."""
    with translated():
        found = _behind(client, building(RELEASES))
        told = {name: _meta(client, name) for name in found}
        whole = [name for name in found if _is_ours(told[name]) and owner in (None, told[name].get("owner"))]
        if len(found) == len(whole) == 1:
            generation = _generation(found[0])
            names = {f"{table.alias}-{generation}" for table in TABLES}
            behind = {name for table in TABLES for name in _behind(client, building(table.alias))}
            if behind == names:
                return generation
        for table in TABLES:
            for name in _behind(client, building(table.alias)):
                client.indices.delete(index=name, ignore_unavailable=True)
    return None


def swap(client: Elasticsearch, generation: str, *, keep: int = 1) -> None:
    """Put a generation behind all live aliases, in one step. Of those that were there before, the last
    ``keep`` stay until `remove_old`. Raises `IndexUnavailable` where another migration has begun."""
    with translated():
        actions: list[dict[str, Any]] = []
        live: set[str] = set()
        for table in TABLES:
            fresh = f"{table.alias}-{generation}"
            if _behind(client, building(table.alias)) != [fresh]:
                raise IndexUnavailable("another rebuild has started meanwhile", "Let that one end.")
            for old in _behind(client, table.alias):
                live.add(_generation(old))
                names = [table.alias, *([POLICIES] if table.alias == RELEASES else [])]
                actions += [{"remove": {"index": old, "alias": name}} for name in names]
            actions.append({"remove": {"index": fresh, "alias": building(table.alias)}})
            actions += [
                {"add": {"index": fresh, "alias": name, **options}}
                for name, options in aliases(table.alias).items()
            ]
        every = [f"{table.alias}-{generation}" for table in TABLES]
        client.indices.put_settings(index=every, settings={"refresh_interval": None})
        client.indices.update_aliases(actions=actions)
        if keep:
            remove_old(client, but=live | {generation})


def remove_old(client: Elasticsearch, *, but: set[str] | None = None) -> list[str]:
    """Delete the indices of generations that no alias of ours names (and that are not in ``but``).
    Returns their names."""
    with translated():
        pattern = ",".join(f"{table.alias}-v*" for table in TABLES)
        every = client.indices.get(index=pattern, features=["aliases"]).body
        gone = sorted(
            name for name, told in every.items()
            if _NAME.fullmatch(name) and not told.get("aliases") and _generation(name) not in (but or set())
        )  # fmt: skip
        for name in gone:
            client.indices.delete(index=name, ignore_unavailable=True)
    return gone


def discard(client: Elasticsearch, generation: str) -> None:
    """Delete a generation that is not to be used."""
    with suppress(IndexUnavailable), translated():
        for table in TABLES:
            client.indices.delete(index=f"{table.alias}-{generation}", ignore_unavailable=True)


def _put_templates(client: Elasticsearch) -> None:
    """Templates are for hands, our own indices are made whole: a key without that right does too."""
    import elasticsearch

    components, indices = templates()
    with suppress(elasticsearch.AuthorizationException):
        for name, one in components.items():
            client.cluster.put_component_template(name=name, template=one)
        for name, one in indices.items():
            client.indices.put_index_template(name=name, **one)


def _building_aliases(alias: str) -> dict[str, dict[str, Any]]:
    return {building(alias): aliases(alias)[alias]}


def _behind(client: Elasticsearch, alias: str) -> list[str]:
    if not client.indices.exists_alias(name=alias):
        return []
    return sorted(client.indices.get_alias(name=alias).body)


def _meta(client: Elasticsearch, name: str) -> dict[str, Any]:
    with translated():
        answer = client.indices.get_mapping(index=name)
    mappings: list[Mapping[str, Any]] = [one["mappings"] for one in answer.body.values()]
    return dict(mappings[0].get("_meta", {}).get("talentwatch", {"identity": None}))


def _is_ours(known: Mapping[str, Any]) -> bool:
    return known.get("schema") == SCHEMA_VERSION and known.get("folding") == FOLDING_VERSION


def _generation(index: str) -> str:
    found = _NAME.fullmatch(index)
    return found[2] if found else index
