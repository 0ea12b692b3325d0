"""`oneworkforce tasks`: long work that is waiting, under way or done, and the worker that does it."""

from __future__ import annotations

from typing import Annotated

import typer

from oneworkforce.cli.output import AsJson, console, say_json, say_table
from oneworkforce.cli.site import site

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_tasks(limit: Annotated[int, typer.Option(min=1, help="How many at the most.")] = 20, as_json: AsJson = False) -> None:
    """The newest tasks first, with how far each is."""
    with site():
        from oneworkforce.jobs import queries

        rows = queries.latest(limit=limit)
        if as_json:
            say_json({"tasks": [{"number": r.number, "title": r.title, "state": r.state, "done": r.done, "total": r.total} for r in rows]})
        else:
            say_table("Tasks", ["Number", "What", "State", "Done", "Of"], [[r.number, r.title, r.state, r.done, r.total] for r in rows])


@app.command("work")
def work(once: Annotated[bool, typer.Option("--once", help="Do what is waiting, then stop.")] = False) -> None:
    """The worker runs until told to stop; what a killed worker was doing is taken up again."""
    with site():
        if once:
            from oneworkforce.jobs.tasks import run_waiting

            run_waiting()
            console.print("Nothing is waiting any more.")
        else:
            from django.core.management import call_command

            call_command("work")
