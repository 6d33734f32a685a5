"""The clock's timetable, and a real worker, broker and database behind it."""

import inspect
import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings

from dealer_crm.celery import app


def entries():
    app.loader.import_default_modules()
    return sorted(app.conf.beat_schedule.items())


@pytest.mark.parametrize(("name", "entry"), entries())
def test_every_entry_wakes_a_task_that_exists_and_needs_nothing_to_start(name, entry):
    task = app.tasks[entry["task"]]
    needed = [part for part in inspect.signature(task.run).parameters.values() if part.default is part.empty]
    assert needed == []


@pytest.mark.parametrize(("name", "entry"), [entry for entry in entries() if isinstance(entry[1]["schedule"], float)])
def test_a_wake_up_is_forgotten_when_the_next_one_is_due(name, entry):
    assert 0 < entry["options"]["expires"] <= entry["schedule"]


def celery(env, *argv):
    return subprocess.Popen(
        [sys.executable, "-m", "celery", "--quiet", "-A", "tests.operations.sleeper", *argv],
        cwd=settings.BASE_DIR,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def wait_for_lines(file, count, within):
    until = time.monotonic() + within
    while time.monotonic() < until:
        lines = file.read_text().splitlines() if file.exists() else []
        if len(lines) >= count:
            return lines
        time.sleep(0.1)
    return lines


@pytest.mark.servers
@pytest.mark.parametrize(
    ("changed", "noted"),
    [
        ({}, ["started", "started", "finished"]),
        # The control: with Celery's own default the task is lost, so the test above would notice.
        ({"EARLY_ACKS": "1"}, ["started"]),
    ],
    ids=["as in production", "control: acknowledged early"],
)
def test_a_task_whose_worker_is_killed_is_delivered_again(broker, program_env, tmp_path, changed, noted):
    notes = tmp_path / "notes"
    # As in production, but a task counts as lost after seconds instead of an hour.
    env = program_env | {"PYTHONPATH": str(settings.BASE_DIR), "VISIBILITY_TIMEOUT": "3"} | changed
    broker.send_task("tests.operations.sleeper.sleep_once", args=[str(notes)], expires=600)
    worker = celery(env, "worker", "--concurrency", "1", "-n", "first@%h")
    try:
        assert wait_for_lines(notes, 1, within=60) == ["started"]
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        time.sleep(3)
        worker = celery(env, "worker", "--concurrency", "1", "-n", "second@%h")
        assert wait_for_lines(notes, 3, within=60 if len(noted) == 3 else 18) == noted
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
