"""``talentwatch``: finds the command's file, turns our errors into a message and an exit status."""

from __future__ import annotations

import difflib
import importlib
import sys
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from crawler.errors import TalentWatchError

#: command → module of `crawler.cli` that holds it as ``app`` (or ``NAME_app``), in the order of the help.
COMMANDS = {
    "demo": ("demo", "See the whole system run on replicas of several sites."),
    "crawl": ("crawl", "One round over the due or the named sites."),
    "ingest": ("ingest", "Take given addresses, pages or texts through the same way."),
    "extract": ("extract", "Read pages without network or database."),
    "search": ("search", "Find releases."),
    "show": ("show", "One release with where each value comes from."),
    "diff": ("diff", "What a release's revisions changed."),
    "compare": ("compare", "What regions give for the same thing, side by side."),
    "export": ("export", "Everything, as JSON Lines, CSV or Excel."),
    "correct": ("correct", "Set a value that wins over the rules."),
    "review": ("review", "The queue of unsure and quarantined pages."),
    "reread": ("reread", "Derive every field again from the evidence."),
    "evidence": ("evidence", "The kept responses: export as WARC, check."),
    "sites": ("sites", "The watched sites: list, check, new, record."),
    "subscribe": ("subscribe", "Save a query and say where its hits go."),
    "subscriptions": ("subscriptions", "List, test, pause, remove subscriptions."),
    "alerts": ("alerts", "Which alerts went out, and why."),
    "deliver": ("deliver", "Match what is due, then send."),
    "index": ("index", "The search index: status, sync, rebuild, migrate."),
    "kibana": ("kibana", "Kibana's dashboards: export, import, check."),
    "db": ("db", "The database: upgrade, check, backup, restore."),
    "serve": ("serve", "The search page and feeds."),
    "run": ("run", "The live system: scheduler and search page."),
    "doctor": ("doctor", "What is configured, reachable, stale or missed."),
    "version": ("version", "The version."),
}


class LazyGroup(TyperGroup):
    """A group that imports a command's module only when the command is wanted."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the base's signature
        """Every command, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name; only a short stand-in while the group's own help is printed."""
        if cmd_name not in COMMANDS:
            if not ctx.resilient_parsing and (near := difflib.get_close_matches(cmd_name, COMMANDS, n=1)):
                ctx.fail(f"No such command '{cmd_name}'. Did you mean {near[0]}?")
            return None
        module_name, short = COMMANDS[cmd_name]
        if ctx.resilient_parsing or (ctx.invoked_subcommand is None and "--help" in sys.argv[1:2]):
            return TyperCommand(cmd_name, help=short, short_help=short)
        module = importlib.import_module(f"crawler.cli.{module_name}")
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=LazyGroup, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip


@app.callback(invoke_without_command=False)
def _root(
    ctx: typer.Context,
    config: str = typer.Option("", "--config", metavar="FILE", help="The configuration file."),
) -> None:
    """TalentWatch 人才政策雷达: watches talent policy and tells each subscriber what concerns them.

    Start with: talentwatch demo
    """
    ctx.obj = config or None


def main() -> None:
    """Run; our errors become a message on stderr and their exit status."""
    try:
        app()
    except TalentWatchError as error:
        sys.stderr.write(f"talentwatch: {error}\n")
        sys.exit(error.exit_status)
    except BrokenPipeError:
        # The reader (head, less) went away: nothing more to say, and not our failure.
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()
