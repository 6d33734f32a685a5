"""What customers, the factory and the staff said of the last weeks, besides the calls: so that every questionnaire has
answers, the factory's list contradicts ours here and there, and the next version of one is being drafted."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from dealer_crm.seeding.people import House
from dealer_crm.values import Period
from reception.models import RepairOrder
from satisfaction import actions
from satisfaction.actions import KeptAnswers
from satisfaction.choices import QuestionKind, ResponseSource
from satisfaction.models import FactoryRank, Question, Questionnaire, QuestionnaireVersion
from satisfaction.queries import version_in_force

# Questionnaire → how many sheets, by which way, and how well the store does there.
_SHEETS = {
    "monthly-survey": (36, ResponseSource.LINK, 8),
    "expectations": (24, ResponseSource.TABLET, 9),
    "ten-questions": (30, ResponseSource.QR, 9),
}
_SALES = 18
_STAFF = 11
_FACTORY = 26
_WORDS = ["空调夏天太热", "希望培训多一点实操", "晚班排得太密", "配件到货能不能快一点"]
_RANKS = (14, 12, 13, 9, 10, 8)


def ask_everybody(house: House, random: Random, at: datetime) -> None:
    """Fill the questionnaires of one house."""
    orders = list(
        RepairOrder.objects.filter(
            store=house.store, delivered_at__gte=at - timedelta(days=55), delivered_at__lt=at - timedelta(days=1)
        ).select_related("vehicle")
    )
    random.shuffle(orders)
    for code, (sheets, source, mood) in _SHEETS.items():
        _visits(house, random, code, orders[:sheets], source, mood, at)
    _buyers(house, random, at)
    _interviews(house, random, orders, at)
    _places(house, at)
    _colleagues(house, random, at)
    _next_version(house, at)


def _visits(house: House, random: Random, code: str, orders, source, mood: int, at: datetime) -> None:
    version = _version(code)
    kept = [
        KeptAnswers(
            number=f"link:{order.pk}:{code}", store_id=house.store.pk, order_id=order.pk,
            customer_id=order.customer_id, advisor_id=order.advisor_id, vehicle_id=order.vehicle_id,
            answered_at=min(order.delivered_at + timedelta(hours=random.randint(2, 40)), at), taken_by_id=None,
            answers=_answers(version.questions.all(), random, mood),
        )
        for order in orders
    ]  # fmt: skip
    actions.record_responses(version=version, source=source, kept=kept, by=None, at=at)


def _buyers(house: House, random: Random, at: datetime) -> None:
    """Buyers of new cars called by the customer-relations people; they are about no order."""
    version, caller = _version("sales-ssi"), house.staff["H09"]
    kept = [
        KeptAnswers(
            number=f"sales:{house.store.code}:{number}", store_id=house.store.pk, order_id=None, customer_id=None,
            advisor_id=None, answered_at=at - timedelta(days=2 * number + 1, hours=2), taken_by_id=caller.pk,
            answers=_answers(version.questions.all(), random, 8),
        )
        for number in range(_SALES)
    ]  # fmt: skip
    actions.record_responses(version=version, source=ResponseSource.CALL, kept=kept, by=None, at=at)


def _interviews(house: House, random: Random, orders: list[RepairOrder], at: datetime) -> None:
    """The factory asks some of the same customers a few days later and hears half a point less."""
    version = _version("factory-survey")
    asked = [order for order in orders if order.vehicle.vin][:_FACTORY]
    kept = [
        KeptAnswers(
            number=f"factory:{order.vehicle.vin}:{order.delivered_at:%Y%m%d}:{house.store.code}",
            store_id=house.store.pk, order_id=order.pk, customer_id=order.customer_id, advisor_id=order.advisor_id,
            vehicle_id=order.vehicle_id, taken_by_id=None,
            answered_at=min(order.delivered_at + timedelta(days=random.randint(2, 6)), at),
            answers=_answers(version.questions.all(), random, random.choice([8, 8, 8, 7, 5])),
        )
        for order in asked
    ]  # fmt: skip
    actions.record_responses(version=version, source=ResponseSource.FACTORY, kept=kept, by=None, at=at)


def _places(house: House, at: datetime) -> None:
    last = Period.of(at, house.store.tz).previous()
    region = {"survey": "厂家满意度调查", "region": "华北区", "of": 42}
    FactoryRank.objects.bulk_create(
        FactoryRank(store=house.store, period=str(last.shifted(-back)), place=place, score=880 - 4 * place, **region)
        for back, place in enumerate(reversed(_RANKS))
    )


def _colleagues(house: House, random: Random, at: datetime) -> None:
    """Last month's round of the staff survey."""
    version = _version("staff-survey")
    _start, then = Period.of(at, house.store.tz).previous().bounds(house.store.tz)
    people = sorted(house.staff.values(), key=lambda one: one.work_number)
    for number, person in enumerate(random.sample(people, min(_STAFF, len(people)))):
        answers = _answers(version.questions.all(), random, random.choice([9, 8, 7, 6]))
        if number < len(_WORDS):
            answers["NYJ"] = _WORDS[number]
        actions.answer_staff_survey(version=version, answers=answers, by=person, at=then - timedelta(days=3))


def _next_version(house: House, at: datetime) -> None:
    """The customer-relations supervisor has begun the next version of the ten questions; questionnaires are of all
    stores, so only the first house does."""
    questionnaire = Questionnaire.objects.get(code="ten-questions")
    if not questionnaire.versions.filter(published_at=None).exists():
        actions.draft_version(questionnaire=questionnaire, by=house.staff["H09"], at=at)


def _version(code: str) -> QuestionnaireVersion:
    return version_in_force(Questionnaire.objects.get(code=code))


def _answers(questions: Iterable[Question], random: Random, mood: int) -> dict[str, object]:
    """One sheet around a mood; here and there a question is left out."""
    given: dict[str, object] = {}
    for question in questions:
        if random.random() < 0.05:
            continue
        if question.kind in (QuestionKind.SCORE, QuestionKind.RECOMMEND):
            given[question.code] = min(10, max(2, mood + random.choice([-1, 0, 0, 1, 1])))
        elif question.kind == QuestionKind.YES_NO:
            given[question.code] = random.random() < mood / 10 + 0.05
    return given or {next(iter(questions)).code: mood}
