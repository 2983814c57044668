"""``talentwatch kibana``: the dashboards as files, in a Kibana, and checked without one."""

from __future__ import annotations

import json as json_
import pathlib
from typing import Any

import typer

from crawler.cli.names import new_file
from crawler.cli.output import JSON, config_of, emit, note, say, table
from crawler.errors import StorageError, UsageError
from crawler.text import counted

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def kibana() -> None:
    """Kibana's data views, saved searches and dashboards.

    Example: talentwatch kibana export --output talentwatch.ndjson
    """


@app.command()
def export(
    output: str = typer.Option("", "--output", metavar="FILE", help="Write there instead of stdout."),
    mapping: str = typer.Option("", "--mapping", metavar="FILE", help="Write the fields of all indices there too."),
) -> None:
    """The saved objects as NDJSON, for Stack Management → Saved Objects → Import.

    Example: talentwatch kibana export --output talentwatch.ndjson
    """
    from crawler.kibana import saved_objects
    from crawler.kibana.check import one_mapping
    from crawler.kibana.objects import ndjson

    text = ndjson(saved_objects())
    if mapping:
        _write(mapping, json_.dumps(one_mapping(), indent=1))
    if not output:
        say(text.rstrip("\n"))
        return
    _write(output, text)
    note(f"{output}: {len(text.splitlines()) - 1} objects")


@app.command("import")
def import_(
    ctx: typer.Context,
    url: str = typer.Argument(..., metavar="URL", help="Kibana's address: https://kibana:5601"),
    space: str = typer.Option("", "--space", help="The space; the default one without."),
    keep: bool = typer.Option(False, "--keep", help="Overwrite nothing: what is there already is an error."),
    api_key_file: str = typer.Option("", "--api-key-file", metavar="FILE", help="A key for Kibana, encoded form."),
) -> None:
    """Put the saved objects into a Kibana; what is there under our ids is overwritten.

    Without --api-key-file the key of the cluster is used; trust is as for the cluster (elasticsearch.ca_certs).

    Example: talentwatch kibana import https://kibana:5601 --space talent --api-key-file /run/secrets/kibana
    """
    from crawler.kibana import saved_objects
    from crawler.kibana.api import import_objects
    from crawler.kibana.objects import ndjson

    config = config_of(ctx).elasticsearch
    key = config.api_key
    if api_key_file:
        try:
            key = pathlib.Path(api_key_file).read_text("utf-8").strip()
        except (OSError, ValueError) as error:
            words = getattr(error, "strerror", None) or "it is no text"
            raise UsageError(f"{api_key_file} can't be read: {words}", "Name the key's file.") from error
    taken = import_objects(
        url, ndjson(saved_objects()), space=space, overwrite=not keep, api_key=key, ca_certs=config.ca_certs
    )
    say(f"{counted(taken, 'object')} imported")


@app.command()
def check(ctx: typer.Context, json: bool = JSON) -> None:
    """Check the objects' structure and fields, and run each panel's search where a cluster is configured.

    Exit status 1 where something is wrong or a panel would show nothing. No Kibana is needed, nor asked.

    Example: talentwatch kibana check
    """
    from crawler.kibana import saved_objects
    from crawler.kibana.check import answers, troubles

    objects = saved_objects()
    found = troubles(objects)
    ran: list[dict[str, Any]] = []
    config = config_of(ctx).elasticsearch
    if config.url:
        from crawler.storage.index.elastic_client import check_server, connect

        client = connect(config)
        try:
            check_server(client)
            ran = [
                {"dashboard": one.dashboard, "panel": one.panel, "documents": one.documents, "buckets": one.buckets,
                 "empty": one.is_empty}
                for one in answers(client)
            ]  # fmt: skip
        finally:
            client.close()
    else:
        note("no cluster is configured: the panels' searches were not run")
    if json:
        emit({"objects": len(objects), "troubles": found, "panels": ran})
    else:
        table(
            ("dashboard", "panel", "documents", "buckets"),
            [(r["dashboard"], r["panel"], r["documents"], r["buckets"]) for r in ran],
        )
        say(f"{len(objects)} objects, {len(found)} troubles, {len(ran)} searches")
    for words in found:
        note(f"wrong: {words}")
    for one in ran:
        if one["empty"]:
            note(f"empty: {one['dashboard']} {one['panel']}")
    raise typer.Exit(1 if found or any(one["empty"] for one in ran) else 0)


def _write(name: str, text: str) -> None:
    try:
        new_file(name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{name} can't be written: {error.strerror}", "Name another folder.") from error
