"""A real worker on a real broker, killed whole (kill -9) in the middle of each job: the next wake-ups make up."""

import signal
import subprocess
import sys
import time
from os import killpg

import pytest
from django.conf import settings
from django.db import connection

from tests.conftest import database_url
from tests.factories import cast
from tests.faults.jobs import JOBS

NAMES = ("owed calls", "lapsed claims", "complaint clocks")
"""A report that was in hand is given back only after its lease; `test_killed_jobs` has a clock to turn."""


@pytest.fixture
def start_worker(broker, program_env, tmp_path):
    """Start a worker as production does, on this test's database; all are gone afterwards."""
    notes = tmp_path / "died"
    notes.mkdir()
    env = program_env | {
        "DATABASE_URL": database_url(program_env["DATABASE_URL"], connection),
        "KILL_NOTES": str(notes),
        "PYTHONPATH": str(settings.BASE_DIR),
        "DEMO": "1",
    }
    workers = []

    def start():
        argv = [sys.executable, "-m", "celery", "--quiet", "-A", "tests.faults.worker", "worker", "--concurrency", "1",
                "-n", f"mortal{len(workers)}@%h"]  # fmt: skip
        quiet = subprocess.DEVNULL
        workers.append(
            subprocess.Popen(argv, cwd=settings.BASE_DIR, env=env, stdout=quiet, stderr=quiet, start_new_session=True)
        )
        return workers[-1]

    yield start
    for worker in workers:
        if worker.poll() is None:
            killpg(worker.pid, signal.SIGKILL)
            worker.wait()


def wait_until(true, within):
    until = time.monotonic() + within
    while not true() and time.monotonic() < until:
        time.sleep(0.1)
    return true()


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_each_job_loses_and_doubles_nothing(broker, start_worker):
    people, jobs = cast.of_store(), [JOBS[name] for name in NAMES]
    for number, job in enumerate(jobs):
        job.task()  # what the store's first run finds to do is done
        job.prepare(people, number)
    for job in jobs:
        job.task.apply_async()
        worker = start_worker()
        assert wait_until(lambda worker=worker: worker.poll() is not None, within=60)
        assert worker.returncode == -signal.SIGKILL
        assert job.wrong() != []  # it died before it was done
        broker.control.purge()
    start_worker()
    for _beat in range(2):
        for job in jobs:
            job.task.apply_async()
    assert wait_until(lambda: not any(job.wrong() for job in jobs), within=60)
    time.sleep(1)  # the second beat's wake-ups
    assert [job.wrong() for job in jobs] == [[], [], []]
