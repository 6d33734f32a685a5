"""A worker killed (kill -9) at any moment of a job of the clock: the next run loses nothing and doubles nothing."""

import pytest

from tests.factories import cast
from tests.faults.jobs import JOBS
from tests.faults.mortal import LOCKS, TRANSACTION, live, live_together

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 10
"""A job of fewer steps is killed at each of them, a longer one at every second: between a change and the entry of the
journal that belongs to it there may be no more than two, and the controls must hit them."""
KILLED = [name for name in JOBS if name != "complaint clocks"]  # those die a hundred times: test_killed_watch.py


def killed_at_many_steps(job, without=""):
    """Kill the job again and again, each time at a later step, each time followed by a run that lives. What was found
    lost or doubled, and at how many steps it really died."""
    people = cast.of_store()
    live(job.task)  # what the store's first run finds to do is done
    job.prepare(people, 0)
    steps = live(job.task)
    wrong, died = [*job.wrong()], 0
    for number, step in enumerate(range(1, steps + 1, 2 if steps >= MANY else 1), start=1):
        job.prepare(people, number)
        died += live(job.task, dies_at=step, without=without, later=2 * number * job.again_after) < 0
        live(job.task, later=(2 * number + 1) * job.again_after)
        wrong += job.wrong()
    return wrong, died


@pytest.mark.parametrize("name", KILLED)
def test_killed_at_any_step_the_next_run_makes_up(name):
    wrong, died = killed_at_many_steps(JOBS[name])
    assert wrong == []
    assert died >= 5


@pytest.mark.parametrize("name", KILLED)
def test_control_without_its_transaction_the_same_kills_are_noticed(name):
    wrong, _died = killed_at_many_steps(JOBS[name], without=TRANSACTION)
    assert wrong != []


@pytest.mark.parametrize("name", ["lapsed claims", "owed reports"])
def test_four_beats_at_once_do_the_work_once(name):
    people, job = cast.of_store(), JOBS[name]
    live(job.task)
    job.prepare(people, 0)
    live_together([job.task] * 4, dawdles=0.3)
    assert job.wrong() == []


@pytest.mark.parametrize("name", ["lapsed claims", "owed reports"])
def test_control_without_its_locks_the_same_beats_do_it_several_times(name):
    people, job = cast.of_store(), JOBS[name]
    live(job.task)
    job.prepare(people, 0)
    live_together([job.task] * 4, dawdles=0.3, without=LOCKS)
    assert job.wrong() != []
