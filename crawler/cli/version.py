"""``talentwatch version``."""

import typer

from crawler import __version__
from crawler.cli.output import say

app = typer.Typer()


@app.command()
def version() -> None:
    """The version of this program."""
    say(f"talentwatch {__version__}")
