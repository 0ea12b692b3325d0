"""Long work of this room, as the worker calls it: thin, resumable, each inside its job."""

from __future__ import annotations

from django_tasks import task

from oneworkforce.accounts import queries as people
from oneworkforce.jobs import actions as jobs
from oneworkforce.jobs import queries as job_queries
from oneworkforce.workforce import actions


def _starter(number: int) -> object | None:
    """Whoever started the job."""
    person_id = job_queries.job(number).created_by
    return people.person(person_id) if person_id else None


@task()
def check_return(number: int, uuid: str) -> None:
    """The return is checked."""
    with jobs.working(number) as work:
        checked = actions.check_return(uuid, by=_starter(number), say=lambda done, words: work.progress(done=done, total=4, message=words))
        work.result = {"errors": checked.errors, "warnings": checked.warnings, "rows": checked.rows}
        work.message = "The check has finished."


@task()
def build_picture(number: int) -> None:
    """The picture is current, with whatever was accepted while it was made."""
    with jobs.working(number) as work:
        digest = actions.build_picture(
            by=_starter(number), say=lambda done, total, words: work.progress(done=done, total=total, message=words)
        )
        work.result, work.message = {"digest": digest}, "The city’s picture is up to date."
    if not actions.picture_is_current() and job_queries.job(number).state == "finished":
        actions.ask_for_picture(by=None)


@task()
def convert_again(number: int, unmapped_id: int) -> None:
    """Every return that holds the value is converted with its new meaning."""
    with jobs.working(number) as work:
        count = actions.convert_again(unmapped_id, by=_starter(number), say=lambda done, total: work.progress(done=done, total=total))
        work.result, work.message = {"returns": count}, "Every return that holds this value reads it as decided."
