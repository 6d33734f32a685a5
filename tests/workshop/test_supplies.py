"""Several articles at once, wrong entries taken back, deductions decided, and months that are paid."""

import threading
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.urls import reverse
from openpyxl import load_workbook

from dealer_crm.journal.models import Entry
from dealer_crm.notices.models import Notice
from dealer_crm.reporting.models import Export
from dealer_crm.values import Period, Refusal
from tests.factories.reception import MORNING
from tests.factories.workshop import ConsumableIssueFactory
from workshop import actions, queries
from workshop.actions import Article
from workshop.models import ConsumableIssue

pytestmark = pytest.mark.django_db

NOON = MORNING + timedelta(hours=3)
SEPTEMBER = date(2026, 9, 20)


def issue(people, articles, **fields):
    return actions.issue_articles(
        **{
            "team": people.mechanics, "articles": articles, "issued_on": MORNING.date(), "by": people.workshop,
            "at": NOON, **fields,
        }
    )  # fmt: skip


def code_of(deed, **fields) -> str:
    with pytest.raises(Refusal) as caught:
        deed(**fields)
    return caught.value.code


def test_several_articles_are_signed_out_at_once_all_or_none(people):
    fine, wrong = Article("清洗剂", Decimal(2), Decimal("35.50")), Article("砂纸", Decimal(0), Decimal(12))
    assert code_of(issue, people=people, articles=[]) == "nothing_to_issue"
    assert code_of(issue, people=people, articles=[fine, wrong]) == "refused"
    assert ConsumableIssue.objects.count() == 0
    issued = issue(people, [fine, fine], issued_to=people.technician)
    assert [one.number for one in issued] == ["FLBJ01-261012-0001", "FLBJ01-261012-0002"]


def test_what_was_signed_out_in_a_month_is_taken_out_as_a_workbook(people, client):
    [wrong, _fine] = issue(
        people, [Article("清洗剂", Decimal(2), Decimal("35.50")), Article("砂纸", Decimal(1), Decimal(3))]
    )
    actions.take_back_consumables(issue=wrong, reason="多写", by=people.workshop, at=NOON)
    issue(people, [Article("抹布", Decimal(1), Decimal(4))], issued_on=SEPTEMBER)
    client.force_login(people.workshop, "django.contrib.auth.backends.ModelBackend")
    client.post(reverse("reporting:export_consumables"), {"asked": "period=2026-10"})
    file = client.get(reverse("reporting:export_file", args=[Export.objects.latest("pk").pk]))
    sheet = load_workbook(BytesIO(b"".join(file.streaming_content)))["辅料领用"]
    told = [(row[4], row[5], row[8] or "") for row in sheet.iter_rows(min_row=2, max_col=9, values_only=True)]
    assert told == [("清洗剂", 35.5, ""), ("砂纸", 3, ""), ("清洗剂", -35.5, wrong.number)]


def test_a_wrong_entry_is_taken_back_by_its_opposite_and_once(people):
    [wrong] = issue(people, [Article("清洗剂", Decimal(2), Decimal("350.50"))])
    assert code_of(actions.take_back_consumables, issue=wrong, reason=" ", by=people.workshop, at=NOON) == (
        "reason_missing"
    )
    back = actions.take_back_consumables(issue=wrong, reason="多写一位", by=people.workshop, at=NOON)
    assert (back.amount, back.issued_on, back.takes_back) == (Decimal("-350.50"), wrong.issued_on, wrong)
    assert queries.consumables_of_month(people.store, MORNING.date()) == [(people.mechanics.name, Decimal(0))]
    for one in (wrong, back):
        assert code_of(actions.take_back_consumables, issue=one, reason="x", by=people.workshop, at=NOON) == (
            "taken_back"
        )


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_same_entry_back_take_it_back_once(people):
    wrong = ConsumableIssueFactory(team=people.mechanics)
    gate, outcomes = threading.Barrier(2), []

    def take_back():
        gate.wait()
        try:
            actions.take_back_consumables(issue=wrong, reason="重复", by=people.workshop, at=NOON)
            outcomes.append("done")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=take_back) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(outcomes), ConsumableIssue.objects.count()) == (["done", "taken_back"], 2)


def test_what_comes_late_for_a_paid_month_is_taken_in_with_its_reason_and_announced(people, pay_of, heard):
    pay_of("2026-09")
    given = {"people": people, "articles": [Article("砂纸", Decimal(1), Decimal(5))], "issued_on": SEPTEMBER}
    assert code_of(issue, **given) == code_of(issue, **given, late_reason=" ") == "late_reason_missing"
    [late] = issue(**given, late_reason="领料单月底压在抽屉里")
    assert Entry.objects.get(verb="consumables.issued").note == "领料单月底压在抽屉里"
    back = actions.take_back_consumables(issue=late, reason="重复", by=people.workshop, at=NOON)
    assert (late.issued_on, back.issued_on) == (SEPTEMBER, SEPTEMBER)  # it counts where it belongs
    deduction = actions.deduct_hours(
        staff=people.technician, deducted_on=SEPTEMBER, hours=Decimal(1), reason="漏检", by=people.workshop, at=NOON
    )
    actions.approve_deduction(deduction=deduction, by=people.manager, at=NOON)
    assert heard == [
        ("consumables_issued", {"issue_id": late.pk, "at": NOON}),
        ("consumables_issued", {"issue_id": back.pk, "at": NOON}),
        ("hours_deducted", {"deduction_id": deduction.pk, "at": NOON}),
    ]


def test_who_decides_whom_it_concerns_and_who_entered_it_are_told(people):
    made = [
        actions.deduct_hours(
            staff=people.technician, deducted_on=MORNING.date(), hours=Decimal("1.5"), reason="漏检",
            by=people.workshop, at=NOON,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert {notice.recipient for notice in Notice.objects.all()} == {people.manager, people.director}
    Notice.objects.all().delete()
    actions.approve_deduction(deduction=made[0], by=people.manager, at=NOON)
    actions.decline_deduction(deduction=made[1], reason="责任不清", by=people.manager, at=NOON)
    assert [notice.recipient for notice in Notice.objects.order_by("id")] == [people.technician, people.workshop]


@pytest.fixture
def look(client, people):
    def open_it(name, *args, data=None, **query):
        client.force_login(people.workshop, "django.contrib.auth.backends.ModelBackend")
        address = reverse(f"workshop:{name}", args=args)
        return client.get(address, query) if data is None else client.post(address, data)

    return open_it


def test_the_page_shows_a_month_with_each_teams_sum_and_takes_back(people, others, look):
    ConsumableIssueFactory(team=people.painters, amount=Decimal("8.00"))
    mine = ConsumableIssueFactory(team=people.mechanics, amount=Decimal("50.00"))
    ConsumableIssueFactory(team=people.mechanics, issued_on=SEPTEMBER)
    ConsumableIssueFactory(team=others.mechanics)
    context = look("consumables", period="2026-10", team=people.mechanics.pk).context
    assert (context["page"].rows, len(context["totals"])) == ([mine], 2)
    look("consumable_take_back", mine.pk, data={"reason": "重复"})
    assert queries.consumables_of_month(people.store, mine.issued_on)[0][1] == 0


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_however_long(people, rows, django_assert_num_queries):
    for _ in range(rows):
        issued = ConsumableIssueFactory(team=people.mechanics)
        ConsumableIssueFactory(team=people.mechanics, amount=-issued.amount, takes_back=issued)
    with django_assert_num_queries(1):
        found = list(queries.consumable_issues(people.workshop, Period(2026, 10)))
        assert sum(getattr(one, "taken_back_by", None) is not None for one in found) == rows
