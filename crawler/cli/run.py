"""``talentwatch run``: the live system in one process tree: scheduler, crawls, alerts, pages."""

from __future__ import annotations

import typer

from crawler.cli.output import config_of, note

app = typer.Typer(add_completion=False)


@app.command()
def run(
    ctx: typer.Context,
    host: str = typer.Option("", "--host", metavar="HOST", help="Instead of web.host."),
    port: int = typer.Option(-1, "--port", metavar="PORT", help="Instead of web.port; 0 takes any free one."),
) -> None:
    """The live system: scheduler and search page, until Ctrl-C or SIGTERM.

    Example: talentwatch run
    """
    import threading

    from crawler import logs
    from crawler.schedule import live
    from crawler.web.serve import address, bind, server

    config = config_of(ctx)
    logs.install(config)
    sock = bind(host or config.web.host, config.web.port if port < 0 else port)
    pages = server(config)
    ended = threading.Event()

    def serve() -> None:
        try:
            pages.run(sockets=[sock])
        finally:
            ended.set()  # pages that fell over end the system: a supervisor above starts it anew

    # Off the main thread uvicorn leaves the signals alone; the scheduler takes them.
    thread = threading.Thread(target=serve, name="pages")
    thread.start()
    note(address(sock))
    try:
        live.run(config, stop=ended)
    finally:
        fell = not thread.is_alive()
        pages.should_exit = True
        thread.join()
    if fell:
        note("the pages ended by themselves; see the log above")
        raise typer.Exit(1)
