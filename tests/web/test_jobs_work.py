"""Long work: started once, watched, cancelled, resumed."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from oneworkforce.errors import Invalid
from oneworkforce.jobs import actions, queries
from oneworkforce.jobs import tasks as worker
from oneworkforce.jobs.models import Heartbeat, Job

HERE = __name__


@task()
def count_to(number: int, *, top: int) -> None:
    with actions.working(number) as work:
        for step in range(top):
            work.progress(done=step + 1, total=top, message=f"step {step + 1}")
        work.result = {"counted": top}
        work.address = "/workforce/"


@task()
def find_it_unusable(number: int) -> None:
    with actions.working(number):
        raise Invalid("The file is empty. Send it again with its rows.")


@task()
def break_down(number: int) -> None:
    with actions.working(number):
        raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_work_that_is_started_is_done_by_the_worker(run_tasks: Callable[[], None]) -> None:
    job = actions.start("count", by=None, title="Counting", task=f"{HERE}.count_to", arguments={"top": 3})
    assert job.state == "waiting"
    run_tasks()
    job = queries.job(job.number)
    assert (job.state, job.done, job.total, job.result, job.address) == ("finished", 3, 3, {"counted": 3}, "/workforce/")


@pytest.mark.django_db(transaction=True)
def test_what_is_wrong_with_the_work_is_said_in_its_own_sentence(run_tasks: Callable[[], None]) -> None:
    job = actions.start("check", by=None, title="Checking", task=f"{HERE}.find_it_unusable")
    run_tasks()
    assert queries.job(job.number).state == "failed"
    assert queries.job(job.number).message == "The file is empty. Send it again with its rows."


@pytest.mark.django_db(transaction=True)
def test_a_fault_of_ours_is_logged_and_said_to_be_ours(run_tasks: Callable[[], None]) -> None:
    job = actions.start("check", by=None, title="Checking", task=f"{HERE}.break_down")
    run_tasks()
    assert "wrong on our side" in queries.job(job.number).message
    assert "ZeroDivisionError" in DBTaskResult.objects.get().traceback


@pytest.mark.django_db(transaction=True)
def test_the_same_key_gives_the_work_already_under_way() -> None:
    first = actions.start("picture", by=None, title="Building", key="picture")
    assert actions.start("picture", by=None, title="Building", key="picture").number == first.number
    assert queries.active_job("picture") == first
    actions.request_cancel(first.number, by=None)
    assert actions.start("picture", by=None, title="Building", key="picture").number != first.number


@pytest.mark.django_db(transaction=True)
def test_waiting_work_is_cancelled_at_once_and_never_run(run_tasks: Callable[[], None]) -> None:
    job = actions.start("count", by=None, title="Counting", task=f"{HERE}.count_to", arguments={"top": 3})
    assert actions.request_cancel(job.number, by=None).state == "cancelled"
    run_tasks()
    assert (queries.job(job.number).state, queries.job(job.number).done) == ("cancelled", 0)
    with pytest.raises(Invalid, match="already been cancelled"):
        actions.request_cancel(job.number, by=None)


@pytest.mark.django_db(transaction=True)
def test_running_work_stops_where_it_next_says_how_far_it_is() -> None:
    job = actions.start("count", by=None, title="Counting")
    with actions.working(job.number) as work:
        actions.request_cancel(job.number, by=None)
        work.progress(done=1)
    assert queries.job(job.number).state == "cancelled"


def _killed(job: queries.Progress, *, attempts: int = 1) -> None:
    """As a worker leaves it that was killed while it ran the task."""
    actions.begin(job.number)
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now(), worker_ids=["gone"] * attempts)


@pytest.mark.django_db(transaction=True)
def test_work_whose_worker_was_killed_is_done_by_the_next(run_tasks: Callable[[], None]) -> None:
    job = actions.start("count", by=None, title="Counting", task=f"{HERE}.count_to", arguments={"top": 3})
    _killed(job)
    Heartbeat.objects.create(worker="gone", machine=worker.socket.gethostname(), process=2**22 + 1, beat_at=timezone.now())
    run_tasks()
    assert queries.job(job.number).state == "finished"
    assert Heartbeat.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_work_of_a_worker_that_is_alive_is_left_to_it() -> None:
    job = actions.start("count", by=None, title="Counting", task=f"{HERE}.count_to", arguments={"top": 3})
    _killed(job)
    worker.beat("gone")  # this process, which is alive
    assert worker.resume_abandoned() == 0
    assert queries.job(job.number).state == "running"


@pytest.mark.django_db(transaction=True)
def test_work_of_a_worker_on_another_machine_is_taken_up_once_it_has_been_silent() -> None:
    job = actions.start("count", by=None, title="Counting", task=f"{HERE}.count_to", arguments={"top": 3})
    _killed(job)
    beat = Heartbeat.objects.create(worker="gone", machine="elsewhere", process=1, beat_at=timezone.now())
    assert worker.resume_abandoned() == 0
    Heartbeat.objects.filter(pk=beat.pk).update(beat_at=timezone.now() - 2 * worker.DEAD_AFTER)
    assert worker.resume_abandoned() == 1


@pytest.mark.django_db(transaction=True)
def test_work_that_is_killed_each_time_is_given_up_and_says_so() -> None:
    job = actions.start("count", by=None, title="Counting", task=f"{HERE}.count_to", arguments={"top": 3})
    _killed(job, attempts=worker.MOST_ATTEMPTS)
    worker.resume_abandoned()
    assert queries.job(job.number).state == "failed"
    assert "stopped from outside several times" in queries.job(job.number).message


def test_whoever_started_it_watches_it_and_no_stranger_does(people: SimpleNamespace, signed_in: Callable[[str], Client]) -> None:
    job = actions.start("check", by=people.analyst, title="Checking staff in post", partner_code="RR8", total=4)
    seen = {
        role: signed_in(role).get(f"/jobs/{job.number}/").status_code
        for role in ("analyst", "data_lead", "viewer", "other_lead", "city_team")
    }
    assert seen == {"analyst": 200, "data_lead": 200, "viewer": 403, "other_lead": 403, "city_team": 200}


def test_the_page_asks_again_each_second_until_it_has_ended(people: SimpleNamespace, signed_in: Callable[[str], Client]) -> None:
    job = actions.start("check", by=people.analyst, title="Checking staff in post", total=4)
    client = signed_in("analyst")
    part: Any = client.get(f"/jobs/{job.number}/", headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 1s"' in part
    assert "<html" not in part
    with actions.working(job.number) as work:
        work.progress(done=1, message="Reading")
        assert 'value="25"' in client.get(f"/jobs/{job.number}/").content.decode()
    assert "hx-trigger" not in client.get(f"/jobs/{job.number}/").content.decode()


def test_it_can_be_cancelled_from_its_page_and_found_on_today(people: SimpleNamespace, signed_in: Callable[[str], Client]) -> None:
    job = actions.start("check", by=people.analyst, title="Checking staff in post")
    client = signed_in("analyst")
    assert "Checking staff in post" in client.get("/").content.decode()
    assert client.post(f"/jobs/{job.number}/cancel/").status_code == 302
    assert Job.objects.get().state == "cancelled"
    assert signed_in("other_lead").post(f"/jobs/{job.number}/cancel/").status_code == 403
