"""Pages, workbook and addresses of pay."""

import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from commission import actions
from commission.choices import RunState
from commission.models import Adjustment, Run, Statement, StatementLine
from commission.reports import commission_report
from dealer_crm.access.roles import Role
from dealer_crm.appraisal.models import Score
from dealer_crm.kpi.models import Target
from dealer_crm.organization.choices import Post
from dealer_crm.organization.models import Position, Staff, Store
from dealer_crm.reporting.workbooks import to_xlsx
from dealer_crm.values import Period, Refusal
from reception.models import RepairOrder
from tests.factories.organization import StaffFactory
from tests.factories.reception import MORNING

SEPTEMBER = Period(2026, 9)
pytestmark = pytest.mark.django_db


@pytest.fixture
def store(example_month):
    return Store.objects.get(code="GD81")


@pytest.fixture
def run(store):
    return actions.compute_run(store=store, period=SEPTEMBER, by=None, at=MORNING)


@pytest.fixture
def sign_in(client, store, monkeypatch):
    """Sign in as somebody of the store with a role, on a morning of October."""
    monkeypatch.setattr(timezone, "now", lambda: MORNING)

    def signed_in(role: Role) -> Staff:
        person = Staff.objects.filter(store=store, roles=[role.value], is_active=True).first()
        person = person or StaffFactory(role=role, store=store, work_number=f"Z-{role.value}".upper())
        client.force_login(person)
        return person

    return signed_in


def test_payroll_computes_a_month_in_the_browser(client, store, sign_in):
    sign_in(Role.FINANCE)
    answer = client.post(reverse("commission:run_compute"), {"period": "2026-09"})
    assert answer.url == reverse("commission:run", args=[Run.objects.get().pk])
    page = client.get(answer.url).content.decode()
    assert "691.77" in page
    assert "194,538.03" in page


def test_what_is_missing_is_listed_with_the_place_where_it_is_mended(client, store, sign_in):
    Target.objects.filter(measure="output").delete()
    Score.objects.filter(staff__work_number="A02").delete()
    sign_in(Role.FINANCE)
    answer = client.post(reverse("commission:run_compute"), {"period": "2026-09"})
    assert answer.status_code == 409
    assert [item.url for item in answer.context["missing"]] == [
        "/kpi/targets/?period=2026-09",
        "/appraisal/scores/?period=2026-09",
    ]
    assert Run.objects.count() == 0


def test_a_run_goes_through_review_approval_and_lock_by_three_people(client, run, sign_in):
    for role, step in ((Role.MANAGER, "review"), (Role.DIRECTOR, "approve"), (Role.FINANCE, "lock")):
        sign_in(role)
        run.refresh_from_db()
        shown = client.get(reverse("commission:run", args=[run.pk])).context
        assert shown["next_step"]["url"].endswith(f"/{step}/")
        seen = {"version": run.version, "seen_unchecked": shown["unchecked"]}
        client.post(reverse(f"commission:run_{step}", args=[run.pk]), seen)
    run.refresh_from_db()
    assert run.state == RunState.LOCKED


def test_two_people_with_the_same_page_open_move_a_run_once(client, run, sign_in):
    sign_in(Role.MANAGER)
    client.post(reverse("commission:run_review", args=[run.pk]), {"version": run.version})
    sign_in(Role.DIRECTOR)
    answer = client.post(reverse("commission:run_approve", args=[run.pk]), {"version": run.version}, follow=True)
    assert [str(message) for message in answer.context["messages"]] != []
    run.refresh_from_db()
    assert run.state == RunState.REVIEWED


def test_people_see_their_own_slip_and_nobody_elses(client, run, sign_in, store):
    reviewer = StaffFactory(role=Role.MANAGER, store=store, work_number="Z-M")
    actions.review_run(run=run, by=reviewer, at=MORNING)
    mine = Statement.objects.get(staff__work_number="A01")
    other = Statement.objects.get(staff__work_number="A02")
    client.force_login(mine.staff)
    assert "691.77" in client.get(reverse("commission:own_statement", args=[mine.pk])).content.decode()
    assert client.get(reverse("commission:own_statement", args=[other.pk])).status_code == 404
    assert client.get(reverse("commission:statement", args=[mine.pk])).status_code == 403
    own_line, other_line = mine.lines.first(), other.lines.first()
    assert client.get(reverse("commission:own_line", args=[own_line.pk])).status_code == 200
    assert client.get(reverse("commission:own_line", args=[other_line.pk])).status_code == 404


def test_every_line_and_figure_of_a_run_opens_into_its_explanation(client, run, sign_in):
    sign_in(Role.FINANCE)
    for line in StatementLine.objects.filter(run=run):
        answer = client.get(reverse("commission:line", args=[line.pk]), headers={"HX-Request": "true"})
        assert f"{line.amount:,.2f}" in answer.content.decode()
    for figure in run.figures["pool"]:
        address = reverse("commission:figure_explanation", args=[run.pk, "pool", figure["key"]])
        assert client.get(address).status_code == 200
    for place in range(len(run.figures["teams"])):
        assert client.get(reverse("commission:figure_explanation", args=[run.pk, "teams", place])).status_code == 200
    for part, key in (("pool", "nothing"), ("teams", "99"), ("else", "1")):
        assert client.get(reverse("commission:figure_explanation", args=[run.pk, part, key])).status_code == 404


def test_a_technician_opens_their_share_down_to_the_hours_and_no_figure_of_others(client, run, sign_in, store):
    reviewer = StaffFactory(role=Role.MANAGER, store=store, work_number="Z-M")
    actions.review_run(run=run, by=reviewer, at=MORNING)
    mine = Statement.objects.get(staff__work_number="T02")
    client.force_login(mine.staff)
    page = client.get(reverse("commission:own_line", args=[mine.lines.get(item="C.share").pk]))
    [pool] = [url for _name, _value, url in page.context["values"] if url]
    behind = client.get(pool).context["explained"]
    assert {row.kind for row in behind.rows} == {"工时", "辅料领用"}
    assert behind.amount == "2,990.15"
    assert ("T01", Staff.objects.get(work_number="T01").name) in [share[:2] for share in page.context["shares"]]
    advisors = reverse("commission:own_figure", args=[mine.pk, "pool", "pool"])
    other = reverse("commission:own_figure", args=[Statement.objects.get(staff__work_number="T04").pk, "teams", "0"])
    assert [client.get(address).status_code for address in (advisors, other)] == [404, 404]
    client.force_login(Staff.objects.get(work_number="A01"))
    slip = Statement.objects.get(staff__work_number="A01")
    reached, seen = [reverse("commission:own_line", args=[slip.lines.get(item="A.share").pk])], set()
    for address in reached:  # from the share over pool and output down to receipts, assessments and settlements
        context = client.get(address).context
        seen |= {row.kind for row in context["explained"].rows}
        reached += [url for _name, _value, url in context["values"] if url and url not in reached]
    assert seen == {"收款", "事故定损", "结算"}
    deducted = client.get(reverse("commission:own_line", args=[slip.lines.get(item="A.complaints").pk])).context["rows"]
    assert [(row.number, url) for row, url in deducted] == [
        (number, reverse("complaints:about_me")) for number in ("P001", "P002")
    ]


def test_a_warning_leads_to_what_it_names(client, run, sign_in):
    sign_in(Role.FINANCE)
    shown = client.get(reverse("commission:run", args=[run.pk])).context["warnings"]
    order = RepairOrder.objects.get(number=next(kept["subject"] for kept in run.warnings if "accident" in kept["code"]))
    assert len(shown) == len(run.warnings)
    assert reverse("reception:order", args=[order.pk]) in {url for _sentence, url in shown}


def test_the_run_page_costs_few_queries(client, run, sign_in, django_assert_max_num_queries):
    sign_in(Role.FINANCE)
    with django_assert_max_num_queries(12):
        client.get(reverse("commission:run", args=[run.pk]))


def test_nobody_is_offered_a_field_for_their_own_score(client, store, sign_in):
    person = sign_in(Role.FRONTDESK)
    people = [person, Staff.objects.get(work_number="A01")]
    for one in people:
        Position.objects.get_or_create(
            staff=one, starts_on=date(2026, 1, 1), defaults={"store": store, "post": Post.ADVISOR}
        )
    form = client.get(reverse("appraisal:scores"), {"period": "2026-09"}).context["form"]
    assert [f"score_{one.pk}" in form.fields for one in people] == [False, True]


def test_scores_are_entered_for_a_month(client, store, sign_in):
    sign_in(Role.MANAGER)
    person = Staff.objects.get(work_number="A03")
    address = reverse("appraisal:scores") + "?period=2026-09"
    client.post(address, {f"score_{person.pk}": "97.5"})
    assert str(Score.objects.get(staff=person, period="2026-09").score) == "97.50"


def test_an_adjustment_is_proposed_by_one_and_approved_by_another(client, store, sign_in):
    sign_in(Role.MANAGER)
    person = Staff.objects.get(work_number="A02")
    fields = {"staff": person.pk, "period": "2026-09", "amount": "88", "reason": "客户表扬"}
    client.post(reverse("commission:adjustment_new"), fields)
    adjustment = Adjustment.objects.get()
    assert client.post(reverse("commission:adjustment_approve", args=[adjustment.pk])).status_code == 403
    director = sign_in(Role.DIRECTOR)
    client.post(reverse("commission:adjustment_approve", args=[adjustment.pk]))
    adjustment.refresh_from_db()
    assert adjustment.approved_by == director


def test_the_workbook_has_the_sheets_and_headers_laid_down(run, store):
    stream = io.BytesIO()
    to_xlsx(commission_report(store=store, period=SEPTEMBER, by=None, at=timezone.now()), stream)
    book = openpyxl.load_workbook(stream)
    headers = {sheet.title: [cell.value for cell in sheet[1]] for sheet in book}
    assert list(headers) == ["汇总", "项目", "业务接待", "班组", "明细", "结转", "说明"]
    assert headers["汇总"] == [
        "工号",
        "姓名",
        "岗位",
        "班组",
        "提成项目合计",
        "投诉扣罚",
        "考核扣罚",
        "调整",
        "实发提成",
    ]
    assert headers["项目"] == ["工号", "项目代码", "项目", "基数", "比例", "系数", "金额"]
    assert headers["业务接待"] == ["项目", "数值"]
    assert headers["班组"] == ["班组", "类型", "标准工时", "工时单价", "辅料", "税率除数", "比例", "班组提成"]
    assert headers["明细"][:7] == ["项目代码", "工号或班组", "来源", "单号", "日期", "数值", "计入金额"]
    assert [row[0].value for row in book["业务接待"].iter_rows(min_row=2)] == [
        "客户实收", "索赔回款", "事故定审", "产值", "产值目标", "产值达成率", "台次", "台次目标", "台次达成率",
        "产值提成", "精品实收", "不计提精品", "精品提成", "提成池",
    ]  # fmt: skip


def test_the_items_of_a_person_add_up_to_the_total_on_the_summary(run, store):
    report = commission_report(store=store, period=SEPTEMBER, by=None, at=timezone.now())
    people, items = (sheet.rows for sheet in report.sheets[:2])
    added: dict[str, object] = {}
    for number, *_rest, amount in items:
        added[number] = added.get(number, 0) + amount
    assert added == {row[0]: row[4] for row in people if row[4]}


def test_a_month_not_computed_has_no_workbook(store):
    with pytest.raises(Refusal):
        commission_report(store=store, period=SEPTEMBER, by=None, at=timezone.now())


def test_the_run_through_the_api_and_its_version_check(client, store, sign_in):
    sign_in(Role.FINANCE)
    made = client.post("/api/v1/commission-runs/", {"period": "2026-09"}, content_type="application/json")
    assert made.status_code == 201
    address = f"/api/v1/commission-runs/{made.json()['id']}/"
    assert len(client.get(address).json()["statements"]) == 16
    assert client.post(f"{address}review/").status_code == 403
    sign_in(Role.MANAGER)
    stale = client.post(f"{address}review/", headers={"If-Match": '"99"'})
    assert (stale.status_code, stale["Content-Type"]) == (412, "application/problem+json")
    assert (
        client.post(f"{address}review/", headers={"If-Match": client.get(address)["ETag"]}).json()["state"]
        == "reviewed"
    )
    assert client.post(f"{address}review/").status_code == 409
