"""`oneworkforce city`: a synthetic city started, a folder of returns loaded, and what came of it in words."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated, Any

import typer

from oneworkforce.cli.output import AsJson, console, progress, say_json, say_table
from oneworkforce.cli.site import site
from oneworkforce.workforce.core.synthesis import synthesise

app = typer.Typer(no_args_is_help=True)

SIGN_INS = (
    ("city_team", "ONEWF", "Casey of the city team"),
    ("analyst", "QWO", "Ash the analyst"),
    ("data_lead", "RR8", "Dana the data lead"),
    ("viewer", "RGD", "Vic the viewer"),
)
"""Who can sign in to a synthetic city: role, the partner they belong to, name."""


@app.command("start")
def start(
    people: Annotated[int, typer.Option(min=600, help="How many people work in the city.")] = 60_000,
    months: Annotated[int, typer.Option(min=1, max=240, help="How many months of returns.")] = 36,
    seed: Annotated[int, typer.Option(help="The same seed gives the same city.")] = 1,
    as_json: AsJson = False,
) -> None:
    """There is a synthetic city: its returns are received, checked and accepted, and its picture is made. Started again, nothing is lost."""
    with site():
        from django.conf import settings

        home = Path(settings.ONEWORKFORCE_HOME)
        folder = home / "synthetic"
        if not (folder / "manifest.csv").exists():
            _synthesise(folder, people, months, seed, as_json)
        _load(folder, _sign_ins(home), as_json)
        _sign_ins(home)
        if not as_json:
            console.print(f"Demonstration sign-ins are in {home / 'demonstration-sign-ins.txt'}.", soft_wrap=True)


@app.command("load")
def load(
    folder: Annotated[Path, typer.Argument(help="A folder with manifest.csv, as `oneworkforce synthesise` writes it.")],
    as_json: AsJson = False,
) -> None:
    """Every return of the folder is received, checked and decided, and the picture is made."""
    with site():
        from django.conf import settings

        _load(folder, _sign_ins(Path(settings.ONEWORKFORCE_HOME)), as_json)


def _synthesise(folder: Path, people: int, months: int, seed: int, quiet: bool) -> None:
    with progress(quiet) as bar:
        task = bar.add_task("Making a synthetic city", total=None)
        synthesise(
            folder,
            people=people,
            months=months,
            seed=seed,
            report=lambda words, done, of: bar.update(task, description=words, completed=done, total=of),
        )


def _load(folder: Path, by: Any, as_json: bool) -> None:
    from oneworkforce.workforce import actions

    with progress(as_json) as bar:
        task = bar.add_task("Loading the returns", total=None)

        def say(words: str, done: int, of: int) -> None:
            bar.update(task, description=words, completed=done, total=of)

        loaded = actions.load_city(folder, by=by, report=say)
        digest = actions.build_picture(by=by, say=lambda done, of, words: say(words, done, of))
    if as_json:
        say_json({"loaded": vars(loaded), "picture": digest})
        return
    console.print("[bold]SYNTHETIC CITY: no real person is in it.[/bold]")
    came = [[name, count] for name, count in loaded.by_format.items()]
    say_table(
        f"What came in: {loaded.returns:,} returns of {loaded.partners:,} partners, {loaded.rows:,} rows", ["Format", "Returns"], came
    )
    console.print(
        f"Accepted {loaded.accepted:,}; sent back {loaded.sent_back:,}; nil {loaded.nil:,}; there already {loaded.already_there:,}."
    )
    console.print(f"What was wrong with them: {loaded.errors:,} errors, {loaded.warnings:,} warnings.")
    console.print(f"The picture is {digest[:12]}; its files are in {folder.parent / 'pictures' / digest}.", soft_wrap=True)


def _sign_ins(home: Path) -> Any:
    """A demonstration sign-in a kind of user, their passwords in a file only this user can read; the city team's person is returned."""
    from oneworkforce.accounts import actions as accounts
    from oneworkforce.accounts import queries as people
    from oneworkforce.partners import actions as partners
    from oneworkforce.partners import queries as known

    partners.ensure_city_team(by=None, is_synthetic=True)
    file = home / "demonstration-sign-ins.txt"
    lines = []
    there = {partner.code for partner in known.partners()}
    for role, partner, name in SIGN_INS:
        email = f"{role.replace('_', '.')}@synthetic.example"
        if people.person_by_email(email) is None and partner in there:
            password = secrets.token_urlsafe(9)
            partners.add_member(accounts.add_person(email=email, name=name, password=password, by=None), partner, role, by=None)
            lines.append(f"{email}  {password}  ({role} of {partner})")
    if lines:
        file.touch(mode=0o600, exist_ok=True)
        file.write_text("\n".join([*(file.read_text().splitlines()), *lines]) + "\n")
    return people.person_by_email("city.team@synthetic.example")
