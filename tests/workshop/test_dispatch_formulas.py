"""Who is proposed for a work, and whose turn it is; without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from workshop.formulas import BayFact, Proposal, TeamFact, TechnicianFact, WorkFact, loaded, propose, urgency

ONE = Decimal(1)
NOON = datetime(2026, 10, 12, 4, 0, tzinfo=UTC)
BUSY = TeamFact(1, "mechanical", (TechnicianFact(11, "T11", Decimal(6)), TechnicianFact(12, "T12", Decimal(4))))
IDLE = TeamFact(2, "mechanical", (TechnicianFact(21, "T21", Decimal(2)), TechnicianFact(22, "T22", Decimal(1))))
PAINT = TeamFact(3, "body_paint", (TechnicianFact(31, "T31", Decimal(0)),))
REPAIR = WorkFact("mechanical", ONE)


def team(number, *people, kind="mechanical", waiting=0):
    """A team of people given as (id, open hours, skills or None, has time)."""
    technicians = tuple(
        TechnicianFact(id_, f"T{id_}", Decimal(hours), skills and frozenset(skills), has_time)
        for id_, hours, skills, has_time in people
    )
    return TeamFact(number, kind, technicians, Decimal(waiting))


def hands(works, teams):
    return [made and (made.team, made.technician) for made in propose(works, teams)]


def test_work_goes_to_the_least_loaded_team_of_its_kind_and_there_to_the_freest_person():
    assert propose([REPAIR], [BUSY, IDLE, PAINT]) == [Proposal(team=2, technician=22)]


def test_a_team_that_is_named_already_keeps_the_work():
    assert propose([replace(REPAIR, team=1)], [BUSY, IDLE]) == [Proposal(team=1, technician=12)]


def test_works_of_one_car_stay_with_one_pair_of_hands_and_take_one_bay_of_each_kind():
    works = [WorkFact(kind, ONE, bay=bay) for kind, bay in (("mechanical", "lift"),) * 2 + (("body_paint", "booth"),)]
    bays = [BayFact(7, "lift"), BayFact(8, "lift"), BayFact(9, "booth")]
    assert propose(works, [BUSY, IDLE, PAINT], bays) == [
        Proposal(team=2, technician=22, bay=7),
        Proposal(team=2, technician=22, bay=7),
        Proposal(team=3, technician=31, bay=9),
    ]
    assert propose(works[:1], [IDLE], [BayFact(9, "booth")]) == [Proposal(team=2, technician=22)]


def test_without_a_team_of_the_kind_any_team_of_the_workshop_is_proposed():
    assert propose([WorkFact("installation", ONE)], [BUSY, PAINT]) == [Proposal(team=3, technician=31)]


def test_hours_that_wait_for_anybody_of_a_team_count_as_its_load():
    waiting = replace(IDLE, unassigned_hours=Decimal(40))
    assert propose([REPAIR], [BUSY, waiting]) == [Proposal(team=1, technician=12)]


def test_a_team_without_people_is_taken_only_when_no_other_is_there():
    empty = TeamFact(4, "mechanical")
    assert propose([REPAIR], [empty, BUSY]) == [Proposal(team=1, technician=12)]
    assert propose([REPAIR], [empty]) == [Proposal(team=4)]
    assert propose([REPAIR], []) == [None]


def test_only_who_has_the_skill_and_is_there_is_proposed():
    oil, wires = replace(REPAIR, skill="maintenance"), replace(REPAIR, skill="electrical")
    handy, oiler, away = (1, 9, {"maintenance", "electrical"}, True), (2, 1, {"maintenance"}, True), (3, 0, None, False)
    anybody = (4, 5, None, True)
    both = team(1, handy, oiler, away)
    assert hands([oil], [both]) == [(1, 2)]
    assert hands([wires], [both]) == [(1, 1)]
    assert hands([oil, wires], [both]) == [(1, 1), (1, 1)]  # one pair of hands for the whole car
    assert hands([oil, wires], [team(1, oiler, away), team(2, (5, 8, {"electrical"}, True))]) == [(1, 2), (2, 5)]
    assert hands([wires], [team(1, oiler, away)]) == [(1, None)]  # nobody may: the team sorts it out
    assert hands([wires], [team(1, oiler), team(2, anybody)]) == [(2, 4)]  # nobody has said what 4 may do
    assert hands([oil], [team(1, away), team(2, oiler, waiting=99)]) == [(2, 2)]


def test_a_team_is_loaded_by_what_its_people_that_are_there_have_before_them():
    half_away = team(1, (1, 3, None, True), (2, 0, None, False))  # 3 hours for one pair of hands
    assert hands([REPAIR], [half_away, team(2, (5, 2, None, True))]) == [(2, 5)]


def test_what_was_just_proposed_counts_for_the_next_car():
    given = [(Proposal(team=2, technician=22), Decimal(5)), (Proposal(team=1), Decimal(3)), (None, Decimal(9))]
    busy, idle = loaded([BUSY, IDLE], given)
    assert (busy.unassigned_hours, [one.open_hours for one in idle.technicians]) == (
        Decimal(3),
        [Decimal(2), Decimal(6)],
    )


def test_priority_and_appointment_count_as_an_earlier_promise():
    def place(minutes, has_priority=False, is_appointed=False):
        promised = None if minutes is None else NOON + timedelta(minutes=minutes)
        start = {"ahead": timedelta(minutes=60), "appointed": timedelta(minutes=30)}
        return urgency(promised, has_priority=has_priority, is_appointed=is_appointed, **start)

    cars = {
        "late": place(-10),
        "fleet": place(45, has_priority=True),  # as 12:45 − 60 = 11:45
        "booked": place(40, is_appointed=True),  # as 12:10
        "both": place(75, has_priority=True, is_appointed=True),  # as 12:15: the larger of the two
        "walk-in": place(20),
        "fleet without a promise": place(None, has_priority=True),
        "without a promise": place(None),
    }
    assert sorted(cars, key=cars.get) == [
        "fleet", "late", "booked", "both", "walk-in", "fleet without a promise", "without a promise",
    ]  # fmt: skip
