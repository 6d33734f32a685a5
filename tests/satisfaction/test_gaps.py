"""The five gaps, the index model and the manager's guess over real rows. Source: satisfaction.md, "Five gaps"."""

from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse

from dealer_crm.values import Period, Refusal
from reception.choices import DelayCause, OrderState
from reception.models import Promise, RepairOrder
from satisfaction import actions, formulas, queries
from satisfaction.choices import Construct, QuestionnaireKind
from satisfaction.models import Guess
from satisfaction.queries import Scope
from tests.factories import cast
from tests.factories.reception import MORNING, RepairOrderFactory
from tests.factories.satisfaction import ANSWERED, response

OCTOBER = Period(2026, 10)


@pytest.fixture
def people(db):
    return cast.of_store()


def gaps_of(people, period=OCTOBER):
    return queries.five_gaps(Scope(people.store, period))


def by_code(gaps):
    return {row.code: row for row in gaps.factors}


def guess(people, by, *, period=OCTOBER, at=ANSWERED, **means):
    given = dict.fromkeys([one.code for one in queries.csi_factors()], Decimal(9)) | means
    return actions.give_guess(store=people.store, period=period, means=given, by=by, at=at)


def test_gap_5_is_what_customers_got_less_what_they_expected(people):
    expectations = queries.version_in_force(queries.questionnaire_of_kind(QuestionnaireKind.EXPECTATION))
    for got, expected in ((8, 10), (9, 9)):
        response(people, {"F07": got}, score=10)
        response(people, {"E07": expected, "I07": 10, "I01": 6}, version=expectations)
    found = gaps_of(people)
    row = by_code(found)["F07"]
    assert (row.expected.left.mean, row.expected.right.mean, row.expected.difference) == (
        Decimal("8.5"), Decimal("9.5"), -1,
    )  # fmt: skip
    assert (found.ratio, row.is_small) == (Decimal("8.5") / Decimal("9.5"), True)
    # Gap 2: we aim at 9.00 where customers say 10; they hold F07 more important than F01.
    assert (row.important, row.importance_place, by_code(found)["F01"].importance_place) == (-1, 1, 2)
    assert by_code(found)["F02"].expected.difference is None


def test_gap_1_is_what_customers_said_less_what_managers_believed(people):
    guess(people, people.manager, F07=Decimal("9.5"))
    guess(people, people.director, F07=Decimal("8.5"))
    response(people, {"F07": 8})
    row = by_code(gaps_of(people))["F07"]
    assert (row.guessed.right.n, row.guessed.right.mean, row.guessed.difference) == (2, 9, -1)
    assert gaps_of(people).guesses_n == 2


def test_gap_4_and_3_measure_what_was_promised_agreed_and_laid_down(people):
    kept = {"advisor": people.advisor, "state": OrderState.DELIVERED}
    RepairOrderFactory(**kept, greeted_at=MORNING + timedelta(minutes=3), was_explained=True,
                       estimated_amount=Decimal(180))  # fmt: skip
    late = RepairOrderFactory(**kept, greeted_at=MORNING + timedelta(minutes=9), was_explained=False,
                              estimated_amount=Decimal(100), promised_at=MORNING + timedelta(hours=4))  # fmt: skip
    # The promise was moved once: the first is broken, the last is kept.
    late.promises.all().delete()
    for hours in (4, 6):
        Promise.objects.create(order=late, promised_at=MORNING + timedelta(hours=hours), made_at=MORNING)
    late.promised_at = MORNING + timedelta(hours=6)
    late.save(update_fields=["promised_at"])
    RepairOrderFactory(advisor=people.advisor, state=OrderState.CANCELLED)
    found = gaps_of(people)
    half = Decimal("0.5")
    assert (found.time.n, found.time.kept_first, found.time.kept_last, found.time.moved_n) == (2, half, 1, 1)
    assert (found.time.is_early, found.time.late) == (False, timedelta(0))  # an hour early and an hour late
    # Each bill is 180: as agreed, and 80 above the 100 agreed.
    assert (found.price.n, found.price.kept, found.price.deviation) == (2, half, Decimal(80) / 280)
    measured = [(row.n, row.measured, row.is_met) for row in found.standards]
    assert measured == [(2, half, False), (2, 0, False), (2, 1, True), (2, half, False)]
    # One definition for every figure: a delay the customer caused and confirmed is none of ours.
    RepairOrder.objects.filter(pk=late.pk).update(
        promised_at=MORNING + timedelta(hours=4), delay_cause=DelayCause.CUSTOMER, delay_confirmed=True
    )
    assert gaps_of(people).time.kept_last == 1


def test_a_month_without_anything_has_no_gaps(people):
    found = gaps_of(people)
    assert (found.ratio, found.time.kept_first, found.time.late, found.price.kept, found.price.deviation) == (None,) * 5
    assert [row.measured for row in found.standards] == [None] * 4
    assert len(found.factors) == 14


# ── the manager's guess ──────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"period": OCTOBER.previous()}, "late", None),
        ({"period": OCTOBER.next()}, "early", None),
        ({"F07": None}, "factor_missing", "F07"),
        ({"F07": Decimal("0.5")}, "off_scale", "F07"),
    ],
)
def test_a_guess_is_refused_late_early_incomplete_and_off_the_scale(people, wrong, code, field):
    with pytest.raises(Refusal) as refusal:
        guess(people, people.manager, **wrong)
    assert (refusal.value.code, refusal.value.field or None, Guess.objects.count()) == (code, field, 0)


def test_a_guess_is_taken_down_until_the_last_moment_of_the_month(people):
    end = OCTOBER.bounds(people.store.tz)[1]
    guess(people, people.manager, at=end - timedelta(seconds=1))
    with pytest.raises(Refusal) as refusal:
        guess(people, people.director, at=end)
    assert refusal.value.code == "late"


def test_a_guess_is_given_on_its_page_once(client, people):
    client.force_login(people.workshop)
    url = reverse("satisfaction:guess")
    form = client.get(url).context["form"]
    answer = client.post(url, dict.fromkeys(form.fields, "8.5") | {"F07": "11"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["F07"])
    assert client.post(url, dict.fromkeys(form.fields, "8.5")).url == url
    assert [row.mean for row, _name in client.get(url).context["given"]] == [Decimal("8.50")] * 14
    again = client.post(url, dict.fromkeys(form.fields, "9"))
    assert (again.status_code, Guess.objects.count()) == (422, 14)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_guess(people):
    gate, told = Barrier(2), []

    def click():
        gate.wait()
        try:
            guess(people, people.manager)
        except Refusal as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    clicks = [Thread(target=click) for _click in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert (told, Guess.objects.count()) == (["guessed"], 14)


# ── the index model ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_six_composites_from_0_to_100_with_the_questions_they_are_made_of(people):
    monthly = queries.version_in_force(queries.questionnaire_of_kind(QuestionnaireKind.MONTHLY_SURVEY))
    none = dict.fromkeys([question.code for question in monthly.questions.all()])
    response(people, none | {"M03": 10, "M04": 1, "M12": 7}, version=monthly)
    response(people, none | {"M03": 10, "M11": 10, "M12": 9}, version=monthly)
    rows = {row.construct: row for row in queries.composites(Scope(people.store, OCTOBER))}
    assert list(rows) == list(Construct)
    # Quality: one customer (100 + 0) ÷ 2, the other 100. Loyalty: 70, and (100 + 90) ÷ 2.
    found = {construct: (row.figures.n, row.figures.score) for construct, row in rows.items() if row.figures.n}
    assert found == {Construct.QUALITY: (2, 75), Construct.LOYALTY: (2, Decimal("82.5"))}
    quality = [(one.question.code, one.n, one.mean) for one in rows[Construct.QUALITY].questions]
    assert quality == [("M03", 2, 100), ("M04", 1, 0)]
    intervals = {one.question.code: one.interval for row in rows.values() for one in row.questions}
    assert (intervals["M04"], intervals["M12"]) == (None, formulas.Interval(Decimal(0), Decimal(100)))  # 80 ± 127
    assert all(row.is_small for row in rows.values())
