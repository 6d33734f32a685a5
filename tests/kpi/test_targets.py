"""A year of targets: typed, proposed, signed, taken out and in again."""

import io
import json
from datetime import date, datetime
from decimal import Decimal
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.db import connection
from django.urls import reverse

from commission.actions import install_plan
from commission.choices import RunState
from commission.models import PlanVersion, Run
from dealer_crm.journal.models import Entry
from dealer_crm.kpi import actions, formulas
from dealer_crm.kpi.actions import Aim, CellsRefused, CellsStale, Wish
from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.models import Target
from dealer_crm.kpi.queries import MEASURES, bound_staff, unsigned_targets_of, waiting_for, year_grid
from dealer_crm.kpi.reports import target_cells, targets_asked
from dealer_crm.kpi.resources import MEASURES as WORDS
from dealer_crm.kpi.views import own_targets_card, unsigned_card
from dealer_crm.notices.models import Notice
from dealer_crm.reporting.exports import export_named
from dealer_crm.reporting.workbooks import to_xlsx
from dealer_crm.ui.home import card_for
from dealer_crm.values import Period, Refusal
from tests.factories import cast
from tests.factories.organization import StaffFactory
from tests.factories.reception import MORNING
from tests.importing.workbooks import take_in

NOVEMBER, DECEMBER = Period(2026, 11), Period(2026, 12)
pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.of_store()


def wish(measure="output", goal="1000", floor=None, seen=None, period=NOVEMBER, **whose) -> Wish:
    figures = [None if value is None else Decimal(value) for value in (goal, floor, seen)]
    return Wish(Aim(measure, period, **whose), figures[0], figures[1], seen_goal=figures[2])


def save(people, *wishes) -> int:
    return actions.set_targets(store=people.store, wishes=wishes, by=people.manager, at=MORNING)


# ── Formulas ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("total", "last_year", "months", "guessed"),
    [
        (1200, [100] * 12, [100] * 12, ()),
        (1000, [1, 1, 1], [334, 333, 333], ()),  # whole units that add up
        (900, [200, None, 100], [400, 300, 200], (1,)),  # a month without a figure gets the average
        (300, [None, 0, None], [100, 100, 100], (0, 1, 2)),
    ],
)
def test_a_years_total_follows_last_years_seasons(total, last_year, months, guessed):
    found = formulas.by_season(Decimal(total), [value and Decimal(value) for value in last_year])
    assert (list(found.months), found.guessed) == ([Decimal(month) for month in months], guessed)
    assert sum(found.months) == total


@pytest.mark.parametrize(
    ("unit", "text", "value", "again"),
    [
        ("money", "1,200.50", "1200.5", "1200.5"),
        ("money", "３５００００", "350000", "350000"),
        ("share", "96%", "0.96", "96"),
        ("share", "0.5", "0.005", "0.5"),
        ("count", "", None, ""),
        ("points", "900", "900", "900"),
    ],
)
def test_a_figure_is_read_as_people_type_it_and_stands_there_again(unit, text, value, again):
    found = formulas.read(unit, text)
    assert found == (None if value is None else Decimal(value))
    assert formulas.typed(unit, found) == again


@pytest.mark.parametrize(
    ("unit", "text", "why"),
    [("money", "viel", "not_a_number"), ("money", "NaN", "not_a_number"), ("money", "0", "not_above_zero"),
     ("count", "1.5", "too_fine"), ("share", "960", "too_large"), ("money", "1e99", "too_large")],
)  # fmt: skip
def test_what_cannot_be_typed_says_why(unit, text, why):
    with pytest.raises(ValueError, match=why):
        formulas.read(unit, text)


@pytest.mark.parametrize(
    ("whole", "parts", "missing"),
    [("400", ["150", "150"], "100"), ("400", ["250", "250"], "-100"), ("400", ["400"], "0"), ("400", [None], None),
     (None, ["1"], None)],
)  # fmt: skip
def test_the_parts_are_held_against_the_whole(whole, parts, missing):
    figures = [None if one is None else Decimal(one) for one in (whole, *parts, missing)]
    assert formulas.missing_to(figures[0], figures[1:-1]) == figures[-1]


# ── Saving a grid ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_grid_is_saved_whole_and_the_journal_tells_each_cell(people):
    assert save(people, wish(), wish(period=DECEMBER, goal="2000"), wish("on_time", "0.96", "0.9")) == 3
    assert save(people, wish(goal="1500", seen="1000"), wish(period=DECEMBER, goal="2000", seen="2000")) == 1
    assert save(people, wish(goal=None, seen="1500")) == 1
    told = Entry.objects.filter(subject_type="kpi.target").order_by("-pk").values_list("verb", "changes")[:2]
    assert list(told) == [
        ("target.withdrawn", {"goal": ["1,500.00", None]}),
        ("target.set", {"goal": ["1,000.00", "1,500.00"]}),
    ]
    assert sorted(Target.objects.values_list("measure", "goal")) == [
        ("on_time", Decimal("0.96")), ("output", Decimal(2000)),
    ]  # fmt: skip


def test_what_cannot_be_is_said_of_its_cell_and_nothing_is_saved(people):
    others = cast.of_second_store()
    install_plan(store=people.store, at=MORNING)
    version = PlanVersion.objects.filter(plan__store=people.store).first()
    Run.objects.create(
        store=people.store, period="2026-09", state=RunState.LOCKED, plan_version=version, computed_at=MORNING,
        locked_at=MORNING,
    )  # fmt: skip
    wrong = {
        wish(goal="0"): "大于零",
        wish(floor="2000", period=DECEMBER): "底线",
        wish("external_comeback", "0.005", "0.001"): "底线",
        wish("car_count", "10.5"): "整",
        wish("on_time", "0.96", staff_id=people.advisor.pk): "全店",
        wish(staff_id=others.advisor.pk): "本店",
        wish(period=Period(2026, 9)): "锁定",
    }
    with pytest.raises(CellsRefused) as refused:
        save(people, wish("margin"), *wrong)
    assert {one.aim for one in wrong} == set(refused.value.cells)
    assert [words for one, words in wrong.items() if words not in refused.value.cells[one.aim]] == []
    assert Target.objects.count() == 0


def test_a_cell_somebody_else_changed_meanwhile_is_not_overwritten(people):
    save(people, wish())
    save(people, wish(goal="1100", seen="1000"))
    with pytest.raises(CellsStale) as stale:
        save(people, wish(goal="1200", seen="1000"), wish("margin"))
    assert "1,100.00" in stale.value.cells[wish().aim]
    assert list(Target.objects.values_list("measure", "goal")) == [("output", Decimal(1100))]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_fill_the_same_empty_cell_one_is_told(people):
    gate, told = Barrier(2), []

    def at_desk(goal):
        gate.wait()
        try:
            told.append(save(people, wish(goal=goal)))
        except CellsStale:
            told.append("stale")
        finally:
            connection.close()

    desks = [Thread(target=at_desk, args=[goal]) for goal in ("1000", "2000")]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert (sorted(told, key=str), Target.objects.count()) == ([1, "stale"], 1)


def test_a_year_is_typed_in_the_browser_and_nothing_typed_is_lost(client, people):
    client.force_login(people.manager)
    address, save_at = reverse("kpi:target_grid"), reverse("kpi:target_grid_save")
    asked = {"year": 2026, "measure": "output"}
    page = client.get(address, asked)
    seen = page.context["sheet"].seen
    who = f"output.p{people.advisor.pk}-11"
    typed = {**asked, "seen": seen, "g-output-11": "400,000", f"g-{who}": "150000", "g-output-12": "bald"}
    refused = client.post(save_at, typed)
    assert (refused.status_code, Target.objects.count()) == (422, 0)
    cells = {cell.name: cell for one in refused.context["sheet"].rows for cell in one.cells}
    assert (cells["output-12"].goal, bool(cells["output-12"].error), cells["output-11"].goal) == (
        "bald", True, "400,000",
    )  # fmt: skip
    for slip in ({"f-output-12": "1"}, {"measure": "", "g-output-12": "", "g-on_time-12": "0.97"}):
        refused = client.post(save_at, {**typed, "g-output-12": "", **slip})
        assert (refused.status_code, len(refused.context["errors"])) == (422, 1)
    assert client.post(save_at, {**typed, "g-output-12": ""}).status_code == 302
    grid = client.get(address, asked).context["grid"]
    assert [(one.months[10], one.months[11]) for one in grid.missing] == [(Decimal(250000), None)]
    # Typed from the page as it was before: somebody else's figure stands beside mine.
    stale = client.post(save_at, {**typed, "g-output-11": "500000", "g-output-12": ""})
    cells = {cell.name: cell for one in stale.context["sheet"].rows for cell in one.cells}
    assert (stale.status_code, cells["output-11"].goal) == (422, "500000")
    assert "400,000.00" in cells["output-11"].error
    again = {**typed, "seen": stale.context["sheet"].seen, "g-output-11": "500000", "g-output-12": ""}
    assert client.post(save_at, again).status_code == 302
    assert Target.objects.get(staff=None).goal == 500000
    broken = {**asked, "seen": json.dumps(["nonsense"]), "g-output-11": "1"}
    assert client.post(save_at, broken).status_code == 422


def test_the_group_looks_at_the_year_of_each_store_and_changes_none(client, people):
    others = cast.of_second_store()
    actions.set_targets(store=others.store, wishes=[wish(goal="777")], by=others.manager, at=MORNING)
    client.force_login(people.group)
    page = client.get(reverse("kpi:target_grid"), {"year": 2026, "store": others.store.code})
    said = page.content.decode()
    assert (page.context["store"], ">777<" in said, 'name="g-' in said) == (others.store, True, False)
    client.force_login(people.manager)
    page = client.get(reverse("kpi:target_grid"), {"year": 2026, "store": others.store.code})
    assert (page.context["store"], ">777<" in page.content.decode()) == (people.store, False)


def test_a_grid_asks_as_much_for_thirty_people_as_for_one(client, people, django_assert_max_num_queries):
    client.force_login(people.manager)
    for number in range(30):
        who = StaffFactory(store=people.store, work_number=f"Z{number}")
        save(people, *(wish(staff_id=who.pk, period=Period(2026, month)) for month in (10, 11, 12)))
    for measure in ("output", ""):
        with django_assert_max_num_queries(11):
            assert client.get(reverse("kpi:target_grid"), {"year": 2026, "measure": measure}).status_code == 200
    with django_assert_max_num_queries(15):
        client.get(reverse("kpi:targets"), {"period": "2026-11"})


# ── Signing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_target_binds_who_it_is_of(people):
    save(
        people, wish(), wish(team_id=people.mechanics.pk), wish(staff_id=people.advisor.pk),
        wish("external_comeback", "0.005"),
    )  # fmt: skip
    bound = {
        (target.measure, target.team_id, target.staff_id): {person.name for person in bound_staff(target)}
        for target in Target.objects.all()
    }
    workshop = {people.technician.name, people.second_technician.name}
    assert bound == {
        ("output", None, None): {people.advisor.name, people.second_advisor.name},
        ("output", people.mechanics.pk, None): workshop,
        ("output", None, people.advisor.pk): {people.advisor.name},
        ("external_comeback", None, None): workshop,
    }
    waiting = {one.staff: {target.pk for target in one.targets} for one in waiting_for(people.store, NOVEMBER)}
    everyone = {person for names in bound.values() for person in names}
    assert {person.name for person in waiting} == everyone
    for person, targets in waiting.items():
        assert {target.pk for target in unsigned_targets_of(person)} == targets


def test_a_month_is_signed_in_one_press(client, people):
    save(people, wish(), wish("car_count", "100"), wish(period=DECEMBER))
    client.force_login(people.advisor)
    client.post(reverse("kpi:targets_sign"), {"period": "2026-11"})
    assert [target.period for target in unsigned_targets_of(people.advisor)] == ["2026-12"]
    page = client.get(reverse("kpi:target", args=[Target.objects.filter(period="2026-11").first().pk]))
    assert page.status_code == 403
    client.force_login(people.manager)
    page = client.get(reverse("kpi:target", args=[Target.objects.filter(period="2026-11").first().pk]))
    assert ([one.staff for one in page.context["signatures"]], page.context["waiting"]) == (
        [people.advisor], [people.second_advisor],
    )  # fmt: skip


def test_signatures_are_asked_for_before_the_month_begins_and_missed_after(people, monkeypatch):
    save(people, wish(period=DECEMBER))
    shop = ZoneInfo("Asia/Shanghai")

    def told_on(*day):
        return actions.remind_of_targets(store=people.store, at=datetime(*day, 9, tzinfo=shop))

    # Ten days before, then nothing more; when the month has begun whoever sets targets is told as well.
    assert [told_on(2026, 11, 20), told_on(2026, 11, 21), told_on(2026, 11, 30)] == [0, 2, 0]
    assert told_on(2026, 12, 1) == 2
    assert set(Notice.objects.filter(key__endswith="unsigned").values_list("recipient__name", flat=True)) == {
        people.manager.name, people.director.name,
    }  # fmt: skip
    actions.set_target(
        store=people.store, period=DECEMBER, measure=Measure.OUTPUT, goal=Decimal(2), by=people.manager,
        at=datetime(2026, 12, 2, 9, tzinfo=shop),
    )  # fmt: skip
    assert (
        told_on(
            2026,
            12,
            2,
        )
        == 2
    )  # a changed goal is asked for anew
    for today, card, unsigned in (
        (date(2026, 11, 20), None, 1), (date(2026, 11, 21), 1, 2), (date(2026, 12, 20), 1, 2)
    ):  # fmt: skip
        at = datetime(today.year, today.month, today.day, 9, tzinfo=shop)
        found = card_for(own_targets_card, people.advisor, at)
        assert (found and found.count) == card
        assert card_for(unsigned_card, people.manager, at).count == unsigned


# ── Out and in again ─────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_grid_goes_out_as_a_workbook_and_in_again_unchanged(people):
    save(
        people, wish(goal="400000", floor="350000"), wish(order_kind="repair"), wish(team_id=people.mechanics.pk),
        wish(staff_id=people.advisor.pk), wish("on_time", "0.96"), wish("external_comeback", "0.005", "0.01"),
    )  # fmt: skip
    stream = io.BytesIO()
    report = export_named("targets").report(by=people.manager, asked="year=2026", with_phones=False, at=MORNING)
    to_xlsx(report, stream)
    before = list(Target.objects.order_by("pk").values())
    taken = take_in(stream.getvalue(), by=people.manager)
    assert (taken.problems, list(Target.objects.order_by("pk").values())) == ([], before)
    book = openpyxl.load_workbook(io.BytesIO(stream.getvalue()))
    assert [cell.value for cell in book["月度目标"][1]][:9] == [
        "门店代码", "月份", "指标", "工号", "班组", "维修类型", "目标值", "底线", "已签认",
    ]  # fmt: skip
    Target.objects.all().delete()
    take_in(stream.getvalue(), by=people.manager)
    key = "measure", "team", "staff", "order_kind", "goal", "floor"
    assert sorted(map(str, Target.objects.values_list(*key))) == sorted(
        str(tuple(row[f"{name}_id" if name in ("team", "staff") else name] for name in key)) for row in before
    )


def test_rates_and_parts_that_cannot_be_are_refused_by_the_sheet_too(people):
    head = ["门店代码", "月份", "指标", "工号", "班组", "维修类型", "目标值", "底线", "已签认"]
    rows = [
        ["BJ01", "2026-11", "准时交车率", people.advisor.work_number, "", "", 0.96, None, "否"],
        ["BJ01", "2026-11", "准时交车率", "", "", "", 96, None, "否"],
        ["BJ01", "2026-11", "产值", people.advisor.work_number, "机电一组", "", 1, None, "否"],
        ["BJ01", "2026-11", "外返率", "", "", "", 0.005, 0.001, "否"],
        ["BJ01", "2026-11", "CSI", "", "", "", 900, 950, "否"],
    ]
    book = openpyxl.Workbook()
    book.active.title = "月度目标"
    for row in [head, *rows]:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    found = take_in(stream.getvalue(), by=people.manager).problems
    assert (sorted({problem.row for problem in found}), Target.objects.count()) == ([2, 3, 4, 5, 6], 0)


def test_a_target_of_a_person_outside_is_refused_to_the_form_as_to_the_grid(people):
    with pytest.raises(Refusal) as refused:
        actions.set_target(
            store=people.store, period=NOVEMBER, measure=Measure.OUTPUT, goal=Decimal(1), by=people.manager, at=MORNING,
            team=cast.of_second_store().mechanics,
        )  # fmt: skip
    assert refused.value.field == "team"


def test_every_rate_a_target_can_be_set_for_is_counted_and_has_its_word_on_the_sheet():
    rates = {measure for measure in Measure if not measure.is_amount}
    assert {measure.value for measure in rates} - set(MEASURES) == set()
    assert {measure for measure in rates if MEASURES[measure].unit != measure.unit} == set()
    assert {measure for measure in rates if str(MEASURES[measure].label) != str(measure.label)} == set()
    assert set(WORDS.values()) == set(Measure)


def test_every_cell_has_its_own_aim(people):
    grid = year_grid(people.store, 2026, Measure.OUTPUT)
    aims = [row.aim(period) for row in grid.rows for period in grid.periods]
    assert len(set(aims)) == len(aims) == len({row.key for row in grid.rows}) * 12
    assert list(targets_asked(people.manager, {"year": "2026"}, MORNING)) == []
    assert callable(target_cells)


# ── Typed into the pages, sent over HTTP ─────────────────────────────────────────────────────────────────────────────
def test_a_manager_sets_a_target_and_an_advisor_signs_it_in_the_browser(client, people):
    client.force_login(people.manager)
    fields = {"period": "2026-11", "measure": Measure.CAR_COUNT, "goal": "120"}
    assert client.post(reverse("kpi:target_new"), fields).status_code == 302
    target = Target.objects.get()
    client.force_login(people.advisor)
    page = client.get(reverse("kpi:own_targets")).content.decode()
    assert target.get_measure_display() in page
    assert ('class="num">120<' in page, "120.00" in page) == (True, False)
    client.post(reverse("kpi:target_sign", args=[target.pk]))
    assert target.signatures.get().staff == people.advisor


def test_the_form_says_at_its_field_what_is_wrong(client, people):
    client.force_login(people.manager)
    answer = client.post(reverse("kpi:target_new"), {"period": "十月", "measure": Measure.OUTPUT, "goal": "1"})
    assert answer.context["form"].errors["period"]
    answer = client.post(reverse("kpi:target_new"), {"period": "2026-11", "measure": Measure.OUTPUT, "goal": "0"})
    assert answer.context["form"].errors["goal"]
    assert Target.objects.count() == 0


def test_targets_and_figures_through_the_api(client, people):
    client.force_login(people.manager)
    body = {"period": "2026-11", "measure": "output", "goal": "200000"}
    made = client.post("/api/v1/targets/", body, content_type="application/json")
    assert (made.status_code, made.json()["is_signed"]) == (201, False)
    figures = client.get("/api/v1/kpis/?period=2026-11").json()
    assert [figure["code"] for figure in figures] == list(MEASURES)
    assert {figure["goal"] for figure in figures if figure["code"] in ("output", "on_time")} == {
        "200000.0000",
        "0.9600",
    }
    refused = client.post("/api/v1/targets/", {**body, "goal": "0"}, content_type="application/json")
    assert refused["Content-Type"] == "application/problem+json"
    assert client.get("/api/v1/kpis/?period=十月").status_code == 422
    part = {**body, "team": people.mechanics.name}
    made = client.post("/api/v1/targets/", part, content_type="application/json").json()
    assert (made["team"], made["goal"], Target.objects.count()) == (people.mechanics.name, "200000.0000", 2)
    rate = {**part, "measure": "on_time", "goal": "0.96"}
    assert client.post("/api/v1/targets/", rate, content_type="application/json").status_code == 409
    strange = {**body, "team": "别店一组"}
    assert client.post("/api/v1/targets/", strange, content_type="application/json").status_code == 422


def test_the_same_key_sets_a_target_once(client, people):
    client.force_login(people.manager)
    body = {"period": "2026-11", "measure": "output", "goal": "200000"}
    answers = [
        client.post("/api/v1/targets/", body, content_type="application/json", headers={"Idempotency-Key": "k-1"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[1]["Idempotency-Replayed"] == "true"
    other = {**body, "goal": "1"}
    reused = client.post("/api/v1/targets/", other, content_type="application/json", headers={"Idempotency-Key": "k-1"})
    assert (reused.status_code, Target.objects.get().goal) == (409, Decimal(200000))


def test_another_stores_targets_are_not_there(client, people):
    others = cast.of_second_store()
    target = actions.set_target(
        store=others.store, period=NOVEMBER, measure=Measure.OUTPUT, goal=Decimal(1), by=others.manager, at=MORNING
    )
    client.force_login(people.manager)
    assert client.get(f"/api/v1/targets/{target.pk}/").status_code == 404
    assert client.get("/api/v1/kpis/?period=2026-09&store=SH01").status_code == 404
