"""Plan versions: written in the browser, checked on save, frozen once approved, tried over past months before that."""

import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from commission import actions, queries
from commission.choices import PlanState, RunState
from commission.forms import PlanForm
from commission.forms.plans_blocks import block_form, block_kinds
from commission.formulas.comparison import block_changes, parameter_changes
from commission.formulas.plan import BLOCKS, SHIPPED, SHIPPED_VAT_113, PlanParameters, plan_from_json
from commission.models import CountedRow, DryRun, PlanVersion, Run, Statement, StatementLine
from dealer_crm.access.roles import Role
from dealer_crm.journal.models import Entry
from dealer_crm.notices.models import Notice
from dealer_crm.organization.models import Staff, Store
from dealer_crm.reporting.choices import ReportState
from dealer_crm.values import Period, Refusal, Stale
from tests.factories import cast
from tests.factories.organization import StaffFactory
from tests.factories.reception import MORNING

SEPTEMBER = Period(2026, 9)
C, D, COMPLAINTS, ACCESSORIES, OUTPUT = (
    next(place for place, block in enumerate(SHIPPED.blocks) if block.code == code)
    for code in ("C", "D", "A.complaints", "A.accessories", "A.output")
)


@pytest.fixture
def people(db):
    return cast.of_store()


@pytest.fixture
def draft(people):
    actions.install_plan(store=people.store, at=MORNING)
    return actions.draft_version(source=PlanVersion.objects.get(number=1), by=people.finance, at=MORNING)


def typed(version, **changes) -> dict:
    """What the editor's page sends when only these fields are changed; `rule<place>-<parameter>`."""
    form, data = PlanForm(version=version), {"rule": []}

    def take(fields):
        for field in fields:
            value = field.value()
            if value not in (None, False, ()):
                data[field.html_name] = [str(one) for one in value] if isinstance(value, (list, tuple)) else str(value)

    take(form.head)
    for block in form.blocks:
        data["rule"].append(block.named)
        take(block)
        for rows in block.row_sets.values():
            take(rows.management_form)
            for row in rows:
                take(row)
    return data | {"save": "1"} | changes


def given(version, **changes) -> dict:
    """A draft as `change_version` takes it."""
    rules = plan_from_json(version.rules)
    same = {"name": version.name, "starts": rules.starts, "blocks": rules.blocks}
    return same | {"expected_revision": version.revision, "at": MORNING} | changes


# ── Editor ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_every_type_of_rule_has_a_form_and_comes_back_from_it_as_it_went_in():
    assert [kind for kind, _label in block_kinds()] == list(BLOCKS)
    assert {kind: block_form(kind).makes for kind in BLOCKS} == dict(BLOCKS)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_page_sent_back_untouched_changes_nothing(draft, people, language):
    with translation.override(language):
        form = PlanForm(_query(typed(draft)), version=draft)
        assert form.is_valid()
        assert list(parameter_changes(SHIPPED, PlanParameters(1, "", SEPTEMBER, form.rules()))) == []
        kept = actions.change_version(version=draft, **form.given(), by=people.finance, at=MORNING)
    assert (kept.revision, kept.changed_at) == (1, None)


def test_a_version_is_written_out_of_the_one_in_force_and_changed_in_plain_words(client, people, draft):
    client.force_login(people.finance)
    answer = client.post(reverse("commission:plan_draft"), {"divisor": "1"})
    version = PlanVersion.objects.get(number=4)
    assert answer.url == reverse("commission:plan_edit", args=[version.pk])
    assert plan_from_json(version.rules).blocks == SHIPPED_VAT_113.blocks  # the ready second version, by one press
    tiers = {f"rule{COMPLAINTS}-tiers-0-upper": "2", f"rule{COMPLAINTS}-tiers-1-DELETE": "on"}
    changes = {"name": "机电 19%", f"rule{C}-rate": "19", **tiers}
    answer = client.post(reverse("commission:plan_edit", args=[version.pk]), typed(version, **changes))
    assert answer.url == reverse("commission:plan", args=[version.pk])
    version.refresh_from_db()
    rules = plan_from_json(version.rules)
    assert (rules.block("C").rate, [t.rate for t in rules.block("A.complaints").tiers]) == (
        Decimal("0.19"), [0, Decimal("0.2"), Decimal("0.5")],
    )  # fmt: skip
    assert (version.revision, version.changed_by) == (2, people.finance)
    assert Entry.objects.get(verb="plan.changed").changes["C.rate"] == ["18 %", "19 %"]
    page = client.get(reverse("commission:plan_compare", args=[version.pk, draft.pk]))
    marked = {
        block.code: [old for _name, old, _new, differs in block.rows if differs] for block in page.context["blocks"]
    }
    assert {code: found for code, found in marked.items() if found} == {
        "A.complaints": ["1 以下：0 %；1 至 2（不含）：5 %；2 至 3（不含）：20 %；3 及以上：50 %"],
        "C": ["1.17", "18 %"],
        "D": ["1.17"],
    }  # fmt: skip


MISTAKES = [
    ({f"rule{COMPLAINTS}-tiers-1-upper": "1.5"}, COMPLAINTS, "tiers", "1.5"),  # a gap up to 2
    ({f"rule{COMPLAINTS}-tiers-1-upper": "4"}, COMPLAINTS, "tiers", "2"),  # an overlap
    ({f"rule{ACCESSORIES}-installed-0-share": "70"}, ACCESSORIES, "installed", "110 %"),
    ({f"rule{OUTPUT}-measure": "weather"}, OUTPUT, "measure", "weather"),
    ({f"rule{OUTPUT}-rate": "-0.5"}, OUTPUT, "rate", "0"),
    ({f"rule{OUTPUT}-rate": "many"}, OUTPUT, "rate", ""),
    ({f"rule{C}-divisor": "0"}, C, "divisor", "0"),
    ({f"rule{D}-code": "C"}, D, "code", "C"),
    ({f"rule{D}-team_kind": "mechanical"}, C, "team_kind", "机电"),
    ({f"rule{ACCESSORIES}-sellers": ["no_seller", "advisor", "accessory_seller"]}, ACCESSORIES, "sellers", "精品销售"),
    ({"starts": "soon"}, None, "starts", "2026-10"),
    ({"starts": "2000-01"}, None, "starts", "v1"),
]


def test_what_is_wrong_is_said_beside_the_field(people, draft):
    sent = typed(draft)
    for changes, place, field, said in MISTAKES:
        form = PlanForm(_query(sent | changes), version=draft)
        if form.is_valid():
            with pytest.raises(Refusal) as stopped:
                actions.change_version(version=draft, **form.given(), by=people.finance, at=MORNING)
            form.tell(stopped.value)
        where = form.head if place is None else form.blocks[place]
        rows = getattr(where, "row_sets", {}).get(field)
        told = [str(one) for one in (rows.non_form_errors() if rows else where.errors[field])]
        assert any(said in one for one in told), (changes, told)
    draft.refresh_from_db()
    assert draft.revision == 1


def test_a_refused_page_comes_back_with_everything_typed_and_the_wrong_rules_open(client, people, draft):
    client.force_login(people.finance)
    changes = {f"rule{COMPLAINTS}-tiers-1-upper": "4", f"rule{C}-rate": "19.75", "name": "加一档"}
    answer = client.post(reverse("commission:plan_edit", args=[draft.pk]), typed(draft, **changes))
    page = answer.content.decode()
    assert (answer.status_code, "19.75" in page, "加一档" in page) == (422, True, True)
    assert page.count('<details class="card rule mb-2 rule-wrong" open>') == 1
    assert page.count('<details class="card rule mb-2">') == len(SHIPPED.blocks) - 1
    assert "A.complaints：数值 2 同时落在两个档位。" in page


def test_rules_come_and_go_with_everything_typed_kept(client, people, draft):
    client.force_login(people.finance)
    page = reverse("commission:plan_edit", args=[draft.pk])
    sent = typed(draft, **{f"rule{C}-rate": "21"})
    answer = client.post(page, sent | {"add": "1", "kind": "hours_price"})
    added = answer.context["form"].blocks[-1]
    assert (answer.status_code, added["code"].value(), added.is_open) == (200, "G", True)
    assert answer.context["form"].blocks[C]["rate"].value() == "21"
    pools = answer.context["form"].blocks[C + 1].fields["pool"].choices
    assert "G" in dict(pools)
    answer = client.post(page, sent | {"remove": str(C)})
    assert [block["code"].value() for block in answer.context["form"].blocks][C] == "C.share"
    answer = client.post(page, {**sent, "rule": [one for one in sent["rule"] if one != f"{C}:hours_price"]})
    assert "C" in str(answer.context["form"].blocks[C].errors["pool"])  # shared, but no money flows into it
    assert client.post(page, sent | {"add": "1", "kind": "formula"}).status_code == 302
    assert client.post(page, {"rule": ["0:formula"]}).status_code == 302
    draft.refresh_from_db()
    assert draft.revision == 1


def test_a_colleagues_saving_is_not_overwritten(client, people, draft):
    client.force_login(people.finance)
    mine = typed(draft, **{f"rule{C}-rate": "21"})
    other = StaffFactory(role=Role.FINANCE, store=people.store)
    actions.change_version(version=draft, by=other, **given(draft, name="同事先改"))
    page = reverse("commission:plan_edit", args=[draft.pk])
    answer = client.post(page, mine)
    form = answer.context["form"]
    assert (answer.status_code, form.blocks[C]["rate"].value(), form.head["revision"].value()) == (422, "21", "2")
    assert other.name in form.problems[0]
    assert client.post(page, mine | {"revision": "2"}).status_code == 302  # read, and saved on top
    with pytest.raises(Stale):
        actions.change_version(version=draft, by=other, **given(draft, name="又改", expected_revision=1))


def _query(data):
    from django.http import QueryDict

    query = QueryDict(mutable=True)
    for name, value in data.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return query


# ── Approval ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_asking_tells_the_approver_and_a_change_takes_it_back(client, people, draft):
    client.force_login(people.finance)
    client.post(reverse("commission:plan_ask", args=[draft.pk]))
    address = reverse("commission:plan", args=[draft.pk])
    assert list(Notice.objects.filter(url=address).values_list("recipient", flat=True)) == [people.director.pk]
    client.force_login(people.director)
    assert address in client.get("/").content.decode()
    with pytest.raises(Refusal):
        actions.ask_for_approval(version=draft, by=people.finance, at=MORNING)
    actions.change_version(version=draft, by=people.finance, **given(draft, name="再改"))
    assert list(queries.versions_to_approve(people.director)) == []


def test_who_wrote_a_version_never_approves_it_whatever_way_it_comes(people, draft):
    actions.change_version(version=draft, by=people.manager, **given(draft, name="x"))
    draft.refresh_from_db()
    for writer in (people.finance, people.manager):
        with pytest.raises(Refusal) as stopped:
            actions.approve_version(version=draft, by=writer, at=MORNING, without_dry_run=True)
        assert stopped.value.code == "four_eyes"
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanVersion.objects.filter(pk=draft.pk).update(
                state=PlanState.APPROVED, approved_by=writer, approved_at=MORNING
            )


def test_an_untried_version_is_approved_only_by_who_says_so(client, people, draft):
    client.force_login(people.director)
    address, approve = (reverse(f"commission:{name}", args=[draft.pk]) for name in ("plan", "plan_approve"))
    assert 'name="without_dry_run"' in client.get(address).content.decode()
    client.post(approve, {"version": "1"})
    draft.refresh_from_db()
    assert draft.state == PlanState.DRAFT
    client.post(approve, {"version": "7", "without_dry_run": "1"})  # read before somebody changed it
    draft.refresh_from_db()
    assert draft.state == PlanState.DRAFT
    client.post(approve, {"version": "1", "without_dry_run": "1"})
    draft.refresh_from_db()
    assert (draft.state, draft.approved_by) == (PlanState.APPROVED, people.director)


def test_an_approved_version_is_frozen_for_everybody(client, people, draft):
    actions.approve_version(version=draft, by=people.director, at=MORNING, without_dry_run=True)
    for deed in (
        lambda: actions.change_version(version=draft, by=people.finance, **given(draft, name="x")),
        lambda: actions.discard_version(version=draft, by=people.finance, at=MORNING),
        lambda: actions.ask_for_approval(version=draft, by=people.finance, at=MORNING),
        lambda: actions.approve_version(version=draft, by=people.manager, at=MORNING, without_dry_run=True),
    ):
        with pytest.raises(Refusal) as stopped:
            deed()
        assert stopped.value.code == "approved"
    for statement in (
        "UPDATE commission_planversion SET state = 'draft' WHERE id = %s",
        "UPDATE commission_planversion SET rules = '{}' WHERE id = %s",
        "UPDATE commission_planversion SET starts_period = '2030-01' WHERE id = %s",
        "DELETE FROM commission_planversion WHERE id = %s",
    ):
        with pytest.raises(DatabaseError, match="approved"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [draft.pk])
    client.force_login(people.finance)
    page = client.get(reverse("commission:plan_edit", args=[draft.pk]))
    assert page.url == reverse("commission:plan", args=[draft.pk])
    assert "plan_edit" not in client.get(page.url).content.decode()


def test_a_draft_is_thrown_away_with_its_dry_runs(people, draft):
    DryRun.objects.create(version=draft, revision=1, first_period="2026-09", last_period="2026-09", asked_at=MORNING)
    actions.discard_version(version=draft, by=people.finance, at=MORNING)
    assert (PlanVersion.objects.filter(pk=draft.pk).exists(), DryRun.objects.exists()) == (False, False)
    with pytest.raises(Refusal) as stopped:
        actions.change_version(version=draft, by=people.finance, **given(draft, name="x"))
    assert stopped.value.code == "gone"


# ── The example month ────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def store(example_month, db):
    return Store.objects.get(code="GD81")


@pytest.fixture
def run(store):
    return actions.compute_run(store=store, period=SEPTEMBER, by=None, at=MORNING)


@pytest.fixture
def house(store):
    """A payroll clerk and a station manager of the example store."""
    return {role: StaffFactory(role=role, store=store) for role in (Role.FINANCE, Role.DIRECTOR, Role.MANAGER)}


def snapshot():
    tables = (Run, Statement, StatementLine, CountedRow)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_a_dry_run_shows_who_gains_and_who_loses_and_touches_no_month(client, run, store, house):
    for step, by in (("review", Role.MANAGER), ("approve", Role.DIRECTOR), ("lock", Role.FINANCE)):
        run = getattr(actions, f"{step}_run")(run=run, by=house[by], at=MORNING)
    before, second = snapshot(), PlanVersion.objects.get(number=2)
    client.force_login(house[Role.FINANCE])
    order = reverse("commission:dry_run_order", args=[second.pk])
    answer = client.post(order, {"first": "2026-08", "last": "2026-09"})
    dry_run = DryRun.objects.get()
    assert (answer.url, dry_run.state) == (reverse("commission:dry_run", args=[dry_run.pk]), ReportState.MADE)
    assert snapshot() == before
    shown = client.get(answer.url)
    result = shown.context["result"]
    august, september = result.months
    assert (bool(august.problems), september.problems, september.drift) == (True, [], 0)  # August has no targets
    assert (result.total.before, september.part.paid_amount) == (run.net_total_amount, run.net_total_amount)
    by_rule = {one.subject[0]: one.gain for one in result.rules if one.gain}
    assert {code[:1] for code in by_rule} == {"C", "D"}  # shares, and hours taken off them, by the same divisor
    pools = {team["code"]: Decimal(0) for team in run.figures["teams"]}
    for team in run.figures["teams"]:
        pools[team["code"]] += Decimal(team["amount"])
    for code in ("C", "D"):  # the same pool, divided by less
        assert abs(by_rule[f"{code}.share"] - pools[code] * (Decimal("1.17") / Decimal("1.13") - 1)) < Decimal("0.1")
    assert sum(one.gain for one in result.people) == sum(by_rule.values()) == result.total.gain > 0
    winner = result.winners[0]
    detail = client.get(reverse("commission:dry_run_person", args=[dry_run.pk, winner.subject.pk]))
    assert sum(change.gain for _month, _rule, change in detail.context["lines"]) == winner.gain
    sheet = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("commission:dry_run_workbook", args=[dry_run.pk])).content)
    )["人员"]
    rows = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0] not in (None, "合计")]
    assert sum(Decimal(str(row[4])) for row in rows) == result.total.gain
    assert queries.current_dry_run(second) == dry_run
    with pytest.raises(Refusal) as stopped:  # September is locked
        actions.change_version(version=second, by=house[Role.FINANCE], **given(second, starts=SEPTEMBER))
    assert (stopped.value.field, stopped.value.code) == ("starts", "locked")
    actions.approve_version(version=second, by=house[Role.DIRECTOR], at=MORNING)


def test_a_dry_run_is_refused_or_told_when_it_cannot_be_made(client, run, store, house):
    second, by = PlanVersion.objects.get(number=2), house[Role.FINANCE]
    this = Period.of(MORNING, store.tz)
    refused = []
    for first, last in ((this, this), (SEPTEMBER, SEPTEMBER.previous()), (SEPTEMBER.shifted(-24), SEPTEMBER)):
        with pytest.raises(Refusal) as stopped:
            actions.order_dry_run(version=second, first=first, last=last, by=by, at=MORNING)
        refused.append(stopped.value.code)
    assert refused == ["month_not_over", "months_reversed", "too_many"]
    asked = {"version": second, "first": SEPTEMBER, "last": SEPTEMBER, "by": by, "at": MORNING}
    waiting = actions.order_dry_run(**asked)
    assert actions.order_dry_run(**asked) == waiting  # pressed twice
    actions.change_version(version=second, by=by, **given(second, name="改了"))
    assert not actions.make_dry_run(dry_run_id=waiting.pk, at=MORNING)
    waiting.refresh_from_db()
    assert (waiting.state, bool(waiting.failure)) == (ReportState.FAILED, True)
    told = []
    again = actions.order_dry_run(**asked)
    assert actions.make_dry_run(dry_run_id=again.pk, at=MORNING, progress=lambda *one: told.append(one))
    assert (told, actions.make_dry_run(dry_run_id=again.pk, at=MORNING)) == ([(0, "2026-09")], False)
    second.refresh_from_db()
    actions.change_version(version=second, by=by, **given(second, name="又改"))
    second.refresh_from_db()
    assert queries.current_dry_run(second) is None  # what was tried is no longer what stands there
    client.force_login(by)
    assert client.get(reverse("commission:dry_run", args=[again.pk])).context["is_current"] is False
    waiting = actions.order_dry_run(**asked | {"version": second})
    DryRun.objects.filter(pk=waiting.pk).update(asked_at=timezone.now())
    page = reverse("commission:dry_run", args=[waiting.pk])
    assert (client.get(page).context["progress"].percent, client.get(page + "xlsx/").status_code) == (0, 302)
    DryRun.objects.filter(pk=waiting.pk).update(asked_at=timezone.now() - timedelta(minutes=1))
    assert client.get(page, headers={"HX-Request": "true"}).context["result"].total.gain > 0  # no worker came


def test_a_month_whose_slips_were_checked_keeps_its_version_and_a_draft_is_computed_again(run, store, house):
    second = PlanVersion.objects.get(number=2)
    by, director, manager = house[Role.FINANCE], house[Role.DIRECTOR], house[Role.MANAGER]
    actions.change_version(version=second, by=by, **given(second, starts=SEPTEMBER))
    reviewed = actions.review_run(run=run, by=manager, at=MORNING)
    approve = {"version": second, "by": director, "at": MORNING, "without_dry_run": True}
    with pytest.raises(Refusal) as stopped:
        actions.approve_version(**approve)
    assert stopped.value.code == "run_reviewed"
    run = actions.return_run(run=reviewed, reason="换方案", by=manager, at=MORNING)
    actions.approve_version(**approve)
    with pytest.raises(Refusal) as stopped:
        actions.review_run(run=run, by=manager, at=MORNING)
    assert stopped.value.code == "run_overtaken"
    again = actions.compute_run(store=store, period=SEPTEMBER, by=by, at=MORNING + timedelta(hours=1))
    assert again.plan_version == second
    assert actions.review_run(run=again, by=manager, at=MORNING).state == RunState.REVIEWED


def test_lists_cost_the_same_with_many_rows(client, run, store, house):
    client.force_login(house[Role.FINANCE])
    second = PlanVersion.objects.get(number=2)
    dry_run = DryRun.objects.create(
        version=second, revision=1, first_period="2026-09", last_period="2026-09", asked_at=MORNING, state="made",
        made_at=MORNING,
    )  # fmt: skip
    addresses = [
        reverse("commission:plans"),
        reverse("commission:plan", args=[second.pk]),
        reverse("commission:dry_run", args=[dry_run.pk]),
    ]

    def costs():
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as counted:
                assert client.get(address).status_code == 200
            found.append(len(counted))
        return found

    line = {"period": "2026-09", "name": "x", "before_amount": 1, "after_amount": 2}
    dry_run.lines.create(staff=house[Role.FINANCE], item="C", **line)
    dry_run.parts.create(period="2026-09", against=second)
    costs()
    few = costs()
    for place, person in enumerate(Staff.objects.filter(store=store)[:30]):
        dry_run.lines.create(staff=person, item=f"C{place}", **line)
        dry_run.parts.create(period=str(SEPTEMBER.shifted(-place - 1)), against=second)
        version = actions.draft_version(source=second, by=house[Role.FINANCE], at=MORNING)
        DryRun.objects.create(
            version=version, revision=1, first_period="2026-09", last_period="2026-09", asked_at=MORNING
        )
    assert costs() == few
    assert block_changes(SHIPPED, SHIPPED_VAT_113)[-1].is_same
