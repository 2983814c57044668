"""``talentwatch demo``."""

import pathlib
import signal

import typer

from crawler.cli.output import say

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    folder: pathlib.Path = typer.Option(
        pathlib.Path("var/demo"), help="Where it writes; emptied first if a demo made it."
    ),
    stay: bool = typer.Option(False, "--stay", help="Keep the search page up until Ctrl-C."),
) -> None:
    """See the whole system run on replicas of five sites: two days, crawls, alerts, a search.

    Nothing leaves this machine: the sites and the mail server are on loopback. Exit status 0 only if
    everything that should have happened did.

    Example: talentwatch demo --stay
    """
    from crawler.demo.story import Story

    # A TERM ends it as Ctrl-C does: the page's process and the replicas must not outlive it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    Story(folder.resolve(), say).tell(stay=stay)
