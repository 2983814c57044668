"""``talentwatch serve``: the pages, feeds and the JSON interface."""

from __future__ import annotations

import typer

from crawler.cli.output import config_of

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    ctx: typer.Context,
    host: str = typer.Option("", "--host", metavar="HOST", help="Instead of web.host."),
    port: int = typer.Option(-1, "--port", metavar="PORT", help="Instead of web.port; 0 takes any free one."),
) -> None:
    """The search page, release pages, feeds and the JSON interface, until Ctrl-C.

    Example: talentwatch serve --port 8080
    """
    from crawler.web.serve import serve as run

    config = config_of(ctx)
    run(config, host or config.web.host, config.web.port if port < 0 else port)
