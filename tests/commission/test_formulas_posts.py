"""Rules E and F to the fen, in tables; a month against a script that knows nothing of the program."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commission.formulas import (
    SHIPPED,
    MonthStopped,
    compute_month,
    from_json,
    recompute,
    sentence,
    stops,
    to_json,
    validate,
)
from commission.formulas.facts import AppointmentFact, IncentiveFact, LevelFact, MeasureFact, PayItemFact
from commission.formulas.payslips import Earned, pay_slips
from commission.formulas.posts import completed_years
from commission.formulas.posts_blocks import ContactPay, LevelAmount, MinimumPay, RankPay, ScorePay
from commission.formulas.wording import Notice
from tests.commission import reference
from tests.commission.small_month import (
    SEPTEMBER,
    THE_TENTH,
    amounts,
    d,
    line,
    month,
    order,
    person,
    position,
    receipt,
    scores,
    sep,
    target,
)

NUMBERS = {
    "E.staff": {"appointment_rate": d(10), "car_rate": d(2)},
    "E.manager": {"posts": ("payroll",)},
    "F.manager": {"scored": d(2000), "coefficient": d("0.005")},
    "F.management": {"scored": d(1000), "coefficient": d("0.002")},
    "F.rank_staff": {"target_place": d(10)},
    "F.rank_managers": {"target_place": d(10)},
}
PLAN = replace(SHIPPED, blocks=tuple(replace(b, **NUMBERS.get(b.code, {})) for b in SHIPPED.blocks))
# One car, 1 000.00 of output against 800 and 2: an achievement of 0.5 in cars.
CARS = (order(lines=[line(price="1000")], receipts=[receipt("1000")]),)
TARGETS = (target("output", 800), target("car_count", 2))
KEY = (MeasureFact("call_coverage", d("0.9"), d(1), "rate"), MeasureFact("csi", d(990), d(900)))

LEVELS = "F.certification"
SEVENTH = MeasureFact("factory_rank", d(7))


def kept(*numbers, by="H01", on=THE_TENTH):
    return tuple(AppointmentFact(number, by, on) for number in numbers)


def paid(*staff, plan=PLAN, **more):
    facts = {"targets": TARGETS, "measures": KEY, "scores": scores(**{one.number: 90 for one in staff})} | more
    return compute_month(month(*CARS, staff=staff, **facts), plan)


def told(result):
    """The warnings, without the one that no advisor shares the pool of the only car."""
    return [notice for notice in result.warnings if notice.code != "warn.pool_unshared"]


def agent(number="H01", post="callback_agent", **more):
    return person(number, post, hired_on=sep(1), **more)


def manager(number="M01", post="service_manager", hired_on=date(2026, 9, 1), **more):
    return person(number, post, hired_on=hired_on, **more)


HALF = (position("callback_agent", starts_on=sep(16)),)


@pytest.mark.parametrize(
    ("case", "staff", "facts", "expected"),
    [
        # (2 × 10 + 1 × 2) × 0.5 × (0.9 + 1.1) ÷ 2 × 90 %
        ("an agent", agent(), {"appointments": kept("1", "2")}, {"E.staff": "9.90"}),
        ("a supervisor × 1.3", agent(post="crc_supervisor"), {"appointments": kept("1", "2")}, {"E.staff": "12.87"}),
        ("another's appointments", agent(), {"appointments": kept("1", by="H02")}, {"E.staff": "0.90"}),
        ("of the other half", agent(positions=HALF), {"appointments": kept("1", "2")}, {"E.staff": "0.45"}),
        ("half a month", agent(positions=HALF), {"appointments": kept("1", on=sep(16))}, {"E.staff": "4.95"}),
        ("an indicator unmeasured", agent(), {"measures": KEY[:1]}, {"E.staff": "0.81"}),
        ("one nobody could measure", agent(), {"measures": (KEY[0], MeasureFact("csi", None, d(9)))},
         {"E.staff": "0.81"}),
        ("one without a goal", agent(), {"measures": (KEY[0], MeasureFact("csi", d(990)))}, {"E.staff": "0.81"}),
        ("no indicator at all", agent(), {"measures": ()}, {"E.staff": "0.90"}),
        # 1 × 2 × 0.5 × (0.9 ÷ 1.8 + 1.1) ÷ 2 × 90 %; what a person or a team is to reach is another matter
        ("an indicator with a target of the month", agent(),
         {"targets": (*TARGETS, target("call_coverage", "1.8"), target("csi", 1, "H02"))}, {"E.staff": "0.72"}),
        (
            "from agent to supervisor",
            agent(positions=(position("callback_agent"), position("crc_supervisor", starts_on=sep(16)))),
            {"appointments": kept("1") + kept("2", on=sep(20))},
            {"E.staff": ["4.95", "6.44"]},  # (10 + 1) × 0.5 × 0.9, and that × 1.3 = 6.435
        ),
        ("add-on business", agent(), {"incentives": (("add_on", 88), ("daily", 5))},
         {"E.staff": "0.90", "E.add_on": "88.00"}),
        # 2 000 + 3 000 × 90 %
        ("the relations manager", agent(post="payroll"), {}, {"E.manager": "4700.00"}),
        # (2 000 + 1 000 × 0.005) × 90 % = 1 804.50, up to 3 000
        ("a service manager", manager(), {}, {"F.manager": "1804.50", "F.minimum": "1195.50"}),
        ("a station manager", manager(post="station_manager"), {}, {"F.management": "901.80", "F.minimum": "2098.20"}),
        ("half a month of it", manager(hired_on=sep(16)), {}, {"F.manager": "902.25", "F.minimum": "597.75"}),
        (
            "with everything", manager(hired_on=date(2023, 9, 30)),
            {"levels": (2,), "incentives": (("daily", 200), ("daily", 100)), "measures": (*KEY, SEVENTH)},
            {"F.manager": "1804.50", "F.daily": "300.00", "F.certification": "100.00", "F.seniority": "150.00",
             "F.rank_managers": "60.00", "F.minimum": "585.50"},
        ),
        (
            "years at most 200, a place below the target",
            manager(hired_on=date(2010, 1, 1)), {"levels": (4,), "measures": (MeasureFact("factory_rank", d(12)),)},
            {"F.manager": "1804.50", "F.certification": "200.00", "F.seniority": "200.00", "F.rank_managers": "-40.00",
             "F.minimum": "835.50"},
        ),
        ("an agent and the factory's list", agent(), {"measures": (*KEY, MeasureFact("factory_rank", d(9)))},
         {"E.staff": "0.90", "F.rank_staff": "10.00"}),
        ("a level below the lowest", manager(), {"levels": ("0.5",)}, {"F.manager": "1804.50", "F.minimum": "1195.50"}),
        ("nobody pays an advisor here", person("A09", "cashier"), {"levels": (3,), "incentives": (("daily", 9),)}, {}),
    ],
)  # fmt: skip
def test_what_the_rules_pay_a_post(case, staff, facts, expected):
    facts = dict(facts)
    facts["incentives"] = tuple(
        IncentiveFact(str(place), staff.number, kind, sep(20), d(amount), is_approved=True)
        for place, (kind, amount) in enumerate(facts.get("incentives", ()))
    )
    facts["levels"] = tuple(LevelFact(staff.number, d(level), date(2026, 1, 1)) for level in facts.get("levels", ()))
    found = {}
    for one in paid(staff, **facts).of(staff.number):
        found.setdefault(one.code, []).append(str(one.amount))
        assert recompute(from_json(to_json(one.explanation))) == one.amount
        template, params = sentence(one.explanation)
        assert "%(" not in template % params
    assert {code: found[code] if len(found[code]) > 1 else found[code][0] for code in found} == expected


def test_a_rule_that_names_no_post_pays_whoever_an_amount_of_the_month_was_entered_for():
    plan = replace(PLAN, blocks=tuple(replace(b, posts=()) if b.code == "F.daily" else b for b in PLAN.blocks))
    days = (("C01", sep(1)), ("C01", sep(30)), ("C01", date(2026, 8, 31)), ("C01", date(2026, 10, 1)), ("X99", sep(3)))
    incentives = tuple(IncentiveFact(str(n), who, "daily", day, d(60), True) for n, (who, day) in enumerate(days))
    result = paid(person("C01", "cashier"), plan=plan, incentives=incentives)
    assert [(one.staff, str(one.amount)) for one in result.lines] == [("C01", "120.00")]
    told_of = [(one.subject, one.params["day"]) for one in told(result) if one.code == "warn.incentive_unpaid"]
    assert told_of == [("C01", date(2026, 8, 31)), ("C01", date(2026, 10, 1)), ("X99", sep(3))]


def test_the_level_of_the_latest_certificate_counts_also_where_it_is_lower():
    levels = (LevelFact("M01", d(1), date(2026, 5, 1)), LevelFact("M01", d(3), date(2024, 5, 1)))
    assert amounts(paid(manager(), levels=levels), "M01")["F.certification"] == "50.00"


def test_what_is_kept_of_cars_paid_by_score_for_half_a_month_and_of_one_key_indicator():
    plan = replace(PLAN, blocks=(
        ScorePay("X", "X", ("service_manager",), scored=d(100), measure="car_count", coefficient=d(2)),
        *(replace(b, key_measures=("csi",)) for b in PLAN.blocks if b.code == "E.staff"),
    ))  # fmt: skip
    result = paid(agent(), manager(hired_on=sep(16)), plan=plan)
    [of_agent], [of_manager] = result.of("H01"), result.of("M01")
    assert of_manager.explanation.formula == "(scored + positive(car_count) * coefficient) * score * days / month_days"
    assert {one.name: (str(one.value), one.unit, one.figure) for one in of_manager.explanation.values} == {
        "scored": ("100", "CNY", ""), "car_count": ("1", "cars", "car_count"), "coefficient": ("2", "number", ""),
        "score": ("0.9", "rate", ""), "days": ("15", "days", ""), "month_days": ("30", "days", ""),
    }  # fmt: skip
    assert [one.name for one in of_agent.explanation.values if one.name.startswith("key")] == [
        "key1_actual",
        "key1_goal",
    ]


def test_who_is_paid_nothing_else_has_the_whole_minimum():
    plan = replace(PLAN, blocks=(MinimumPay("Y", "Y", ("service_manager",), d(3000)),))
    assert amounts(paid(manager(), plan=plan), "M01") == {"Y": "3000.00"}


def test_where_a_rule_stands_in_the_plan_makes_no_difference():
    staff = (agent(), manager(hired_on=date(2023, 9, 30)))
    facts = {"levels": (LevelFact("M01", d(2), sep(1)),), "measures": (*KEY, SEVENTH)}
    turned = replace(PLAN, blocks=PLAN.blocks[::-1])
    for number in ("H01", "M01"):
        assert amounts(paid(*staff, plan=turned, **facts), number) == amounts(paid(*staff, **facts), number)


def test_what_is_paid_beside_a_rule_is_paid_to_those_of_that_rule_only():
    """The station manager's rule has no numbers yet, the service manager's has."""
    plan = replace(PLAN, blocks=tuple(replace(b, scored=None) if b.code == "F.management" else b for b in PLAN.blocks))
    staff = (manager("M01", "station_manager"), manager("M02"))
    result = paid(*staff, plan=plan, levels=tuple(LevelFact(one.number, d(1), sep(1)) for one in staff))
    assert amounts(result, "M01") == {}
    assert amounts(result, "M02") == {"F.manager": "1804.50", "F.certification": "50.00", "F.minimum": "1145.50"}


def test_a_gifted_month_is_capped_when_the_plan_says_so():
    capped = replace(PLAN, blocks=tuple(
        replace(block, achievement_cap=d(1)) if isinstance(block, ContactPay) else block for block in PLAN.blocks
    ))  # fmt: skip
    # Cars 0.5, indicators (0.9 + 1) ÷ 2.
    assert amounts(paid(agent(), plan=capped, appointments=kept("1", "2")), "H01") == {"E.staff": "9.41"}


def test_without_their_numbers_the_rules_pay_nobody_say_so_and_ask_for_nothing():
    staff = (agent(), manager(hired_on=date(2010, 1, 1)), agent("H09", "crc_supervisor"))
    result = paid(
        *staff, plan=SHIPPED, scores=(), measures=(), appointments=kept("1"), levels=(LevelFact("M01", d(4), sep(1)),)
    )
    assert result.lines == ()
    assert told(result) == [
        Notice("warn.rule_not_set", "E.staff", {"rule": "Customer relations: appointments and received cars"}),
        Notice("warn.rule_not_set", "F.manager", {"rule": "Service manager"}),
    ]


def test_who_is_paid_by_score_needs_one_and_the_target_the_rule_looks_at():
    with pytest.raises(MonthStopped) as stopped:
        paid(agent(), manager(), scores=scores(M01=90), targets=(target("output", 800),))
    assert stopped.value.stops == (
        Notice("stop.target_missing", "car_count", {"measure": "car_count"}),
        Notice("stop.score_needed", "H01", {"rule": "Customer relations: appointments and received cars"}),
    )


def test_a_key_indicators_target_of_the_month_counts_once_it_is_signed():
    unsigned = target("call_coverage", "0.98", signed=False)
    found = stops(month(staff=(agent(),), targets=(*TARGETS, unsigned), scores=scores(H01=90)), PLAN)
    assert [(one.code, one.subject) for one in found] == [("stop.target_unsigned", "call_coverage")]
    assert stops(month(staff=(manager(),), targets=(*TARGETS, unsigned), scores=scores(M01=90)), PLAN) == ()


@pytest.mark.parametrize(
    ("plan", "staff", "missing"),
    [
        (PLAN, (agent(),), ["car_count"]),
        (PLAN, (manager(),), []),  # nobody holds a post that is held against it
        (SHIPPED, (agent(),), []),  # without its numbers the rule asks for nothing
    ],
)
def test_a_target_is_needed_where_a_rule_with_numbers_looks_at_it_and_pays_somebody(plan, staff, missing):
    contacts = replace(plan, blocks=plan.of(ContactPay))
    facts = month(staff=staff, targets=(), scores=scores(H01=90, M01=90))
    assert [one.subject for one in stops(facts, contacts)] == missing


def test_what_somebody_should_look_at_is_told():
    waiting = IncentiveFact("1", "M01", "daily", sep(3), d(50), is_approved=False)
    nobodys = IncentiveFact("2", "C01", "daily", sep(4), d(60), is_approved=True)
    result = paid(agent(), manager(), person("C01", "cashier"), measures=KEY[:1], incentives=(waiting, nobodys))
    staff, managers = (f"Place in the factory's list, {whose}" for whose in ("staff", "managers"))
    contacts = "Customer relations: appointments and received cars"
    assert told(result) == [
        Notice("warn.measure_empty", "E.staff", {"rule": contacts, "measure": "csi"}),
        Notice("warn.measure_empty", "F.rank_staff", {"rule": staff, "measure": "factory_rank"}),
        Notice("warn.measure_empty", "F.rank_managers", {"rule": managers, "measure": "factory_rank"}),
        Notice("warn.incentive_unpaid", "C01", {"day": sep(4), "amount": d(60)}),
        Notice("warn.incentive_waiting", "M01", {"day": sep(3), "amount": d(50)}),
    ]
    assert result.of("C01") == ()


def test_a_list_of_places_is_missed_only_where_the_rules_it_is_paid_beside_have_numbers():
    ranked = replace(SHIPPED, blocks=tuple(
        replace(b, target_place=d(10)) if isinstance(b, RankPay) else b for b in SHIPPED.blocks
    ))  # fmt: skip
    assert [one.code for one in told(paid(manager(), plan=ranked))] == ["warn.rule_not_set"]


@pytest.mark.parametrize(
    ("hired", "day", "years"),
    [
        (None, sep(30), 0),
        (date(2025, 10, 1), sep(30), 0),
        (date(2025, 9, 30), sep(30), 1),
        (date(2024, 2, 29), date(2026, 2, 28), 1),
        (date(2024, 2, 29), date(2026, 3, 1), 2),
        (date(2026, 10, 5), sep(30), 0),
    ],
)
def test_years_are_counted_from_the_day_of_hire(hired, day, years):
    assert completed_years(hired, day) == years


def changed(code, **parts):
    return replace(SHIPPED, blocks=tuple(replace(b, **parts) if b.code == code else b for b in SHIPPED.blocks))


@pytest.mark.parametrize(
    ("plan", "problem"),
    [
        (PLAN, None),
        (changed("E.staff", car_rate=d(-1)), ("negative", "E.staff", {"value": d(-1)}, "car_rate")),
        (changed("E.staff", achievements=("csi",)), ("unknown_measure", "E.staff", {"measure": "csi"}, "achievements")),
        (changed("E.staff", key_measures=("output",)),
         ("unknown_measure", "E.staff", {"measure": "output"}, "key_measures")),
        (changed("E.staff", raised_posts=("advisor",)), ("raised_without_post", "E.staff", {}, "raised_posts")),
        (changed("E.staff", raised_posts=("callback_agent", "crc_supervisor")), None),
        (changed("F.manager", measure="csi"), ("unknown_measure", "F.manager", {"measure": "csi"}, "measure")),
        (changed("F.management", posts=("service_manager",)), ("post_twice", "service_manager", {}, "posts")),
        (changed("F.management", posts=()), None),  # two rules of a kind without posts: neither pays anybody
        (changed("F.daily", event="weekly"), ("unknown_measure", "F.daily", {"measure": "weekly"}, "event")),
        (changed("F.rank_staff", measure="csi"), ("unknown_measure", "F.rank_staff", {"measure": "csi"}, "measure")),
        (changed("F.minimum", only_beside=("X",)), ("unknown_rule", "F.minimum", {"rule": "X"}, "only_beside")),
        (changed(LEVELS, levels=(LevelAmount(d(1), d(5)),) * 2), ("level_twice", LEVELS, {"level": d(1)}, "levels")),
        (changed(LEVELS, levels=(LevelAmount(d(1), d(-5)),)), ("negative", LEVELS, {"value": d(-5)}, "levels")),
        # One post for two events is paid once each; one event by two rules is not.
        (changed("E.add_on", posts=("service_manager",)), None),
        (changed("E.add_on", event="daily", posts=("service_manager",)),
         ("post_twice", "service_manager", {}, "posts")),
        (changed("E.add_on", event="daily", posts=("payroll",)), None),
        (changed("E.add_on", posts=()), None),
        (changed("E.add_on", event="daily", posts=()), ("event_twice", "E.add_on", {}, "posts")),
        (changed("F.daily", event="add_on", posts=()), ("event_twice", "F.daily", {}, "posts")),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_rule_that_pays_a_post_is_named_with_its_parameter(plan, problem):
    expected = ()
    if problem:
        code, subject, params, place = problem
        expected = (Notice(f"plan.{code}", subject, params, place),)
    assert validate(plan) == expected


# ── against the independent script ───────────────────────────────────────────────────────────────────────────────────
cents = st.integers(0, 500_00).map(lambda number: Decimal(number) / 100)


@settings(max_examples=60, deadline=None)
@given(
    kept_by=st.lists(st.tuples(st.sampled_from(["H01", "H09"]), st.integers(1, 30)), max_size=12),
    from_day=st.integers(1, 30),
    score=st.integers(0, 110),
    appointment_rate=cents,
    car_rate=cents,
    base=cents,
    coefficient=st.integers(0, 50).map(lambda number: Decimal(number) / 1000),
    level=st.integers(0, 4),
    hired=st.dates(date(2018, 1, 1), date(2026, 9, 1)),
    daily=st.lists(cents.filter(bool), max_size=3),
    place=st.none() | st.integers(1, 40),
    coverage=st.none() | st.integers(0, 100).map(lambda number: Decimal(number) / 100),
)
def test_any_month_is_paid_as_the_independent_script_pays_it(
    kept_by, from_day, score, appointment_rate, car_rate, base, coefficient, level, hired, daily, place, coverage
):
    numbers = {
        "E.staff": {"appointment_rate": appointment_rate, "car_rate": car_rate},
        "F.manager": {"scored": base, "coefficient": coefficient},
        "F.rank_staff": {"target_place": d(10)},
        "F.rank_managers": {"target_place": d(10)},
    }
    plan = replace(SHIPPED, blocks=tuple(replace(b, **numbers.get(b.code, {})) for b in SHIPPED.blocks))
    begun = date(2026, 9, from_day)
    staff = (
        person("H01", "callback_agent", positions=(position("callback_agent", starts_on=begun),)),
        person("H09", "crc_supervisor"),
        person("M01", "service_manager", positions=(position("service_manager", starts_on=begun),), hired_on=hired),
    )
    measures = (MeasureFact("call_coverage", coverage, d(1)), KEY[1])
    result = paid(
        *staff,
        plan=plan,
        scores=scores(H01=score, H09=score, M01=score),
        measures=(*measures, *([MeasureFact("factory_rank", d(place))] if place else [])),
        appointments=tuple(AppointmentFact(str(n), who, sep(day)) for n, (who, day) in enumerate(kept_by)),
        incentives=tuple(IncentiveFact(str(n), "M01", "daily", sep(30), a, True) for n, a in enumerate(daily)),
        levels=(LevelFact("M01", d(level), sep(1)),),
    )
    common = {
        "month_days": 30, "cars": 1, "car_target": 2, "output": 1000, "score": score, "place": place,
        "target_place": 10,
        "key": [(value, goal) for value, goal in ((coverage, 1), (990, 900)) if value is not None],
        "appointment_rate": appointment_rate, "car_rate": car_rate, "base": base, "coefficient": coefficient,
    }  # fmt: skip
    expected = {
        "H01": reference.relations_pay(
            common | {"days": 31 - from_day, "kept": sum(w == "H01" and day >= from_day for w, day in kept_by)}
        ),
        "H09": reference.relations_pay(
            common | {"days": 30, "kept": sum(w == "H09" for w, _day in kept_by), "is_supervisor": True}
        ),
        "M01": reference.management_pay(
            common | {"days": 31 - max(from_day, hired.day if hired >= sep(1) else 1), "level": level, "daily": daily,
                      "hired": hired.isoformat(), "month_end": "2026-09-30"}
        ),
    }  # fmt: skip
    found = {number: {line.code: str(line.amount) for line in result.of(number)} for number in expected}
    assert found == expected


@given(earned=cents, minimum=cents)
def test_the_minimum_is_reached_and_never_passed(earned, minimum):
    blocks = (
        ScorePay("X", "X", ("service_manager",), scored=earned),
        MinimumPay("Y", "Y", ("service_manager",), minimum, ("X",)),
    )
    result = compute_month(month(staff=(manager(),)), replace(SHIPPED, blocks=blocks))
    assert sum(one.amount for one in result.lines) == max(earned, minimum)


def test_places_below_the_target_and_above_it_are_worth_the_same():
    blocks = (RankPay("X", "X", ("service_manager",), d(20), target_place=d(5)),)
    plan, found = replace(SHIPPED, blocks=blocks), []
    for place in (3, 5, 7):
        measures = (MeasureFact("factory_rank", d(place)),)
        found.append(
            [str(one.amount) for one in compute_month(month(staff=(manager(),), measures=measures), plan).lines]
        )
    assert found == [["40.00"], [], ["-40.00"]]


# ── the pay statement ────────────────────────────────────────────────────────────────────────────────────────────────
def item(kind, amount, starts_on=date(2026, 1, 1), staff="M01"):
    return PayItemFact(staff, kind, d(amount), starts_on)


@pytest.mark.parametrize(
    ("case", "who", "items", "expected"),
    [
        ("whole months", manager(), [item("base", 5000), item("meal", 300)], {"base": "5000.00", "meal": "300.00"}),
        ("raised on the 16th", manager(), [item("base", 5000), item("base", 6000, sep(16))], {"base": "5500.00"}),
        ("ended on the 11th", manager(), [item("phone", 90), item("phone", 0, sep(11))], {"phone": "30.00"}),
        ("starts next month", manager(), [item("skill", 90, date(2026, 10, 1))], {}),
        ("hired on the 21st", manager(hired_on=sep(21)), [item("base", 6000, sep(21))], {"base": "2000.00"}),
        ("left on the 10th", manager(left_on=sep(10)), [item("base", 6000), item("deduction", 70)],
         {"base": "2000.00", "deduction": "70.00"}),
        ("taken off whole", manager(), [item("social_insurance", 500), item("social_insurance", 520, sep(30))],
         {"social_insurance": "520.00"}),
        ("at another store from the 16th",
         manager(positions=(position("service_manager"), position("service_manager", starts_on=sep(16), store="SH02"))),
         [item("base", 5000), item("housing_fund", 400)], {"base": "2500.00"}),
        ("another post from the 16th",
         manager(positions=(position("service_manager"), position("station_manager", starts_on=sep(16)))),
         [item("base", 5000)], {"base": "5000.00"}),
        ("half a fen up", manager(), [item("base", "1000.01"), item("base", "1000.02", sep(16))], {"base": "1000.02"}),
    ],
)  # fmt: skip
def test_pay_holds_by_the_day_and_what_is_taken_off_is_taken_off_once(case, who, items, expected):
    facts = month(staff=(who,), pay_items=tuple(items))
    (slip,) = pay_slips(facts, "plan v1", {"M01": Earned(d("100.10"), d("-30.10"))})
    assert {one.kind: str(one.amount) for one in slip.lines} == expected
    assert [recompute(from_json(to_json(one.explanation))) for one in slip.lines] == [one.amount for one in slip.lines]
    taken_off = sum((one.amount for one in slip.lines if one.part == "other"), d(0))
    paid_out = sum((one.amount for one in slip.lines if one.part != "other"), d(0))
    assert slip.total == paid_out - taken_off + d("70.00")


def test_a_slip_is_for_who_has_an_item_or_a_commission():
    staff = (person("A01", "advisor"), person("C01", "cashier"), person("X01", "inspector"))
    facts = month(staff=staff, pay_items=(item("base", 3000, staff="C01"),), period=SEPTEMBER)
    found = pay_slips(facts, "plan v1", {"A01": Earned(d("5.00"))})
    assert [(slip.staff, slip.post, str(slip.total)) for slip in found] == [
        ("A01", "advisor", "5.00"),
        ("C01", "cashier", "3000.00"),
    ]


def stored(items, kind, who=None):
    (slip,) = pay_slips(month(staff=(who or manager(),), pay_items=tuple(items)), "plan v1", {"M01": Earned()})
    explanation = to_json(next(one.explanation for one in slip.lines if one.kind == kind))
    values = [(one["name"], one["value"], one["unit"], one["label"]) for one in explanation["values"]]
    return explanation["rule"], explanation["formula"], explanation["plan"], values


def test_what_is_stored_with_a_pay_item_is_fixed_because_slips_are_kept_for_ever():
    whole = [("item_amount", "5000", "CNY", "")]
    assert stored([item("base", 5000)], "base") == ("pay_item", "item_amount", "plan v1", whole)
    assert stored([item("base", 5000), item("base", 0, date(2026, 10, 1))], "base")[3] == whole
    assert stored([item("housing_fund", 5000)], "housing_fund") == (
        "pay_item_taken_off",
        "item_amount",
        "plan v1",
        whole,
    )
    assert stored([item("base", 5000), item("base", 6000, sep(16))], "base") == (
        "pay_item_by_days",
        "(item1_amount * item1_days + item2_amount * item2_days) / month_days",
        "plan v1",
        [
            ("item1_amount", "5000", "CNY", "2026-01-01"),
            ("item1_days", "15", "days", "2026-01-01"),
            ("item2_amount", "6000", "CNY", "2026-09-16"),
            ("item2_days", "15", "days", "2026-09-16"),
            ("month_days", "30", "days", ""),
        ],
    )
    assert stored([item("base", 5000, sep(21))], "base")[:2] == (
        "pay_item_by_days",
        "item1_amount * item1_days / month_days",
    )
    ended = stored([item("phone", 90), item("phone", 0, sep(11)), item("phone", 30, date(2026, 10, 1))], "phone")
    assert ended[1] == "item1_amount * item1_days / month_days"


def test_who_left_before_the_month_is_named_by_the_post_held_last():
    gone = manager(left_on=date(2026, 8, 20), positions=(position("cashier", starts_on=date(2025, 1, 1)),))
    (slip,) = pay_slips(month(staff=(gone,), pay_items=(item("base", 5000),)), "plan v1", {"M01": Earned(d("5.00"))})
    assert (slip.post, slip.lines, str(slip.total)) == ("cashier", (), "5.00")
    assert [str(slip.part(name)) for name in ("base", "other")] == ["0.00", "0.00"]


@pytest.mark.parametrize(
    ("positions", "place"),
    [
        (
            (position("technician", "1", "机电一组"), position("team_leader", "1", "钣喷一组", sep(16))),
            ("team_leader", "钣喷一组"),
        ),
        # In another store since the 16th: as last held here.
        ((position("technician", "1", "机电一组"), position("cashier", starts_on=sep(16), store="SH02")),
         ("technician", "机电一组")),
        ((), ("", None)),
    ],
)  # fmt: skip
def test_a_slip_names_the_post_and_team_last_held_in_the_store(positions, place):
    staff = replace(manager(), positions=positions)
    (slip,) = pay_slips(month(staff=(staff,)), "plan v1", {"M01": Earned(d("5.00"))})
    assert (slip.post, slip.team) == place


def test_the_lines_of_a_slip_stand_in_the_order_in_which_they_are_printed():
    kinds = ["deduction", "meal", "skill", "allowance", "base", "social_insurance", "position", "weather"]
    (slip,) = pay_slips(month(staff=(manager(),), pay_items=tuple(item(kind, 10) for kind in kinds)), "plan v1", {})
    assert [(one.part, one.kind) for one in slip.lines] == [
        ("base", "base"), ("position", "position"), ("skill", "skill"), ("allowance", "meal"), ("allowance", "weather"),
        ("allowance", "allowance"), ("other", "social_insurance"), ("other", "deduction"),
    ]  # fmt: skip
    assert [str(slip.part(name)) for name in ("base", "allowance", "other")] == ["10.00", "30.00", "20.00"]
