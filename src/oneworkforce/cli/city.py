"""`oneworkforce city`: a synthetic city started, a folder of returns loaded, and what came of it in words."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated, Any

import typer

from oneworkforce.cli import summary
from oneworkforce.cli.output import AsJson, progress
from oneworkforce.cli.site import site
from oneworkforce.workforce.core.synthesis import synthesise

app = typer.Typer(no_args_is_help=True)

SIGN_INS = (
    ("city.team", "city_team", "ONEWF", "Casey of the city team"),
    ("analyst", "analyst", "QWO", "Ash the analyst"),
    ("data.lead", "data_lead", "RR8", "Dana the data lead of a trust"),
    ("manager", "data_lead", "a small provider", "Max the manager of a small provider"),
    ("viewer", "viewer", "RGD", "Vic the board member"),
)
"""Who can sign in to a synthetic city: address, role, the partner they belong to, name."""

_SMALL = 50


@app.command("start")
def start(
    people: Annotated[int, typer.Option(min=600, help="How many people work in the city.")] = 60_000,
    months: Annotated[int, typer.Option(min=1, max=240, help="How many months of returns.")] = 36,
    seed: Annotated[int, typer.Option(help="The same seed gives the same city.")] = 1,
    as_json: AsJson = False,
) -> None:
    """There is a synthetic city with its picture and a first projection. Started again, nothing is lost and nothing is done twice."""
    with site():
        from django.conf import settings

        home = Path(settings.ONEWORKFORCE_HOME)
        folder = home / "synthetic"
        if not (folder / "manifest.csv").exists():
            _synthesise(folder, people, months, seed, as_json)
        _load(folder, home, as_json)


@app.command("load")
def load(
    folder: Annotated[Path, typer.Argument(help="A folder with manifest.csv, as `oneworkforce synthesise` writes it.")],
    as_json: AsJson = False,
) -> None:
    """Every return of the folder is received, checked and decided, and the picture is made."""
    with site():
        from django.conf import settings

        _load(folder, Path(settings.ONEWORKFORCE_HOME), as_json)


@app.command("summary")
def show(as_json: AsJson = False) -> None:
    """What came in, what was wrong with it, and the city in numbers."""
    with site():
        from django.conf import settings

        summary.show(_city_team(), Path(settings.ONEWORKFORCE_HOME), as_json)


def _synthesise(folder: Path, people: int, months: int, seed: int, quiet: bool) -> None:
    aside = folder.with_name(".making-synthetic")
    with progress(quiet) as bar:
        task = bar.add_task("Making a synthetic city", total=None)

        def say(words: str, done: int, of: int) -> None:
            bar.update(task, description=words, completed=done, total=of)

        summary.clear(aside)
        synthesise(aside, people=people, months=months, seed=seed, report=say)
    aside.rename(folder)


def _load(folder: Path, home: Path, as_json: bool) -> None:
    from oneworkforce.workforce import actions

    by = _city_team()
    with progress(as_json) as bar:
        task = bar.add_task("Loading the returns", total=None)

        def say(words: str, done: int, of: int) -> None:
            bar.update(task, description=words, completed=done, total=of)

        actions.load_city(folder, by=by, report=say)
        actions.build_picture(by=by, say=lambda done, of, words: say(words, done, of))
    _sign_ins(home)
    summary.show(by, home, as_json)


def _city_team() -> Any:
    """The person who runs a synthetic city, who is in its team."""
    from oneworkforce.accounts import queries as people
    from oneworkforce.partners import actions as partners

    partners.ensure_city_team(by=None, is_synthetic=True)
    address, role, partner, name = SIGN_INS[0]
    return people.person_by_email(_email(address)) or _add(address, role, partner, name)[0]


def _email(address: str) -> str:
    return f"{address}@synthetic.example"


def _add(address: str, role: str, partner: str, name: str) -> tuple[Any, str]:
    """The person and their password, which is written down where only this user can read it."""
    from django.conf import settings

    from oneworkforce.accounts import actions as accounts
    from oneworkforce.partners import actions as partners

    password = secrets.token_urlsafe(12)
    made = accounts.add_person(email=_email(address), name=name, password=password, by=None)
    partners.add_member(made, partner, role, by=None)
    file = summary.sign_in_file(Path(settings.ONEWORKFORCE_HOME))
    file.touch(mode=0o600, exist_ok=True)
    file.write_text(f"{file.read_text()}{name}, {role.replace('_', ' ')} of {partner}: {_email(address)}  {password}\n")
    return made, password


def _sign_ins(home: Path) -> None:
    """There is a sign-in for each kind of user of the city, as far as their partner is there."""
    from oneworkforce.accounts import queries as people
    from oneworkforce.partners import queries as known
    from oneworkforce.workforce import queries

    there = {partner.code for partner in known.partners()}
    for address, role, partner, name in SIGN_INS:
        if people.person_by_email(_email(address)) is None:
            code = partner if partner in there else _small_provider(queries) if partner not in {"RR8", "QWO", "RGD"} else ""
            if code:
                _add(address, role, code, name)


def _small_provider(queries: Any) -> str:
    """A provider of at most fifty staff that sends the simple return; "" where there is none."""
    sent = queries.returns_sent(queries.Wanted(format="simple_return", state="accepted"), limit=200)
    return next((row.partner for row in sent if 0 < row.people <= _SMALL and row.partner.startswith("P")), "")
