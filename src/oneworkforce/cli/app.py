"""`oneworkforce`: every command joined, and the house's three errors mapped to exit codes in one place.

Exit codes: 0 fine, 1 findings or gaps as asked, 2 wrong use or unreadable input.
"""

from __future__ import annotations

import json
import sys

import typer

from oneworkforce.cli import city, formats, picture, plan, returns, serving, synthesise, tasks
from oneworkforce.cli.output import errors
from oneworkforce.errors import Invalid, Refused, Unanswerable

app = typer.Typer(
    name="oneworkforce",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A whole city's health and care workforce: returns in, one picture, a projection of the gaps out.",
)
app.command("synthesise")(synthesise.synthesise)
app.command("formats")(formats.formats)
app.command("template")(formats.template)
app.add_typer(returns.app, name="returns", help="Check a return, send it, accept it, see what was sent.")
app.command("picture")(picture.picture)
app.add_typer(plan.app, name="plan", help="Run a planning model from a folder, or on the city's own data.")
app.add_typer(city.app, name="city", help="Start a synthetic city, load a folder of returns, read the summary.")
app.command("serve")(serving.serve)
app.add_typer(tasks.app, name="tasks", help="Long work: what is waiting and running, and the worker that does it.")


def main() -> None:
    """The process ends with the exit code of the command; an error of the house is one clear sentence, never a trace."""
    as_json = "--json" in sys.argv
    try:
        app()
    except (Invalid, Refused, Unanswerable) as error:
        if as_json:
            print(json.dumps({"error": str(error), "kind": type(error).__name__.lower()}))
        else:
            errors.print(f"[bold]{_heading(error)}[/bold] {error}", highlight=False, soft_wrap=True)
        raise SystemExit(2) from None


def _heading(error: Exception) -> str:
    return {"Invalid": "Cannot be used:", "Refused": "Not allowed:", "Unanswerable": "No answer:"}[type(error).__name__]
