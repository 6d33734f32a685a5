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
def test_a_task_whose_worker_is_killed_is_delivered_again(broker, program_env, tmp_path):
    """Beside it the control: with Celery's own default, acknowledged early, the task is lost; the test would notice."""
    # As in production, but a task counts as lost after seconds instead of an hour.
    env = program_env | {"PYTHONPATH": str(settings.BASE_DIR), "VISIBILITY_TIMEOUT": "3"}
    notes = {"late": tmp_path / "late", "early": tmp_path / "early"}
    envs = {"late": env, "early": env | {"EARLY_ACKS": "1"}}
    workers = {}

    def start(turn: str) -> None:
        for acks in notes:
            workers[acks] = celery(envs[acks], "worker", "--concurrency", "1", "-Q", acks, "-n", f"{acks}-{turn}@%h")

    def kill() -> None:
        for worker in workers.values():
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        workers.clear()

    for acks, file in notes.items():
        broker.send_task("tests.operations.sleeper.sleep_once", args=[str(file)], expires=600, queue=acks)
    try:
        start("first")
        assert [wait_for_lines(file, 1, within=60) for file in notes.values()] == [["started"], ["started"]]
        kill()
        time.sleep(3)
        start("second")
        assert wait_for_lines(notes["late"], 3, within=60) == ["started", "started", "finished"]
        assert notes["early"].read_text().splitlines() == ["started"]
    finally:
        kill()
