"""Sheets 厂家调查 and 厂家排名 of the import workbook: what customers told the factory, and where it places the store.

Source: spec `satisfaction.md` ("factory survey results by import", "matched to ours by VIN and date", "Rank"). A row of
厂家调查 is one interview: store, VIN, day, which survey, the overall score and one column for each factor code of that
survey. It is matched by the VIN to the car and to its last visit delivered by that day; a VIN nobody knows, or two cars
share, is refused at its row and never guessed. A rank is of a store and month, so it has a sheet of its own.
"""

from collections import defaultdict
from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.importing.cells import fold_code, shown
from dealer_crm.importing.sheets import Column, SheetResource, register
from dealer_crm.importing.widgets import CellWidget, Code, Day, Month, Number, Text, Vin, Whole
from dealer_crm.organization.models import Store
from dealer_crm.values import Refusal
from reception.models import RepairOrder, Vehicle
from satisfaction.actions import KeptAnswers, record_responses
from satisfaction.actions.responses import SCALES
from satisfaction.choices import QuestionKind, QuestionnaireKind, ResponseSource
from satisfaction.models import Answer, FactoryRank, Flag, Question, Questionnaire, QuestionnaireVersion, Response
from satisfaction.queries import version_in_force

# Names of the open-ended columns begin so: one for each factor of the survey.
_FACTOR = "factor "
_OVERALL = "overall"


class Survey(CellWidget):
    """A questionnaire of the factory by its name or code; read as its name."""

    def read(self, value):
        text = shown(value).strip()
        known = Questionnaire.objects.filter(kind=QuestionnaireKind.FACTORY)
        found = known.filter(Q(name=text) | Q(code__iexact=text)).first()
        if found is None:
            names = "、".join(known.values_list("name", flat=True))
            raise ValueError(_("“%(value)s” is no factory survey; known: %(names)s.") % {"value": text, "names": names})
        return found.name


class DayOfMoment(Day):
    """A day that is kept as a moment of it."""

    def render(self, value, obj=None, **kwargs):
        return timezone.localdate(value) if isinstance(value, datetime) else value


def factory_versions() -> dict[str, QuestionnaireVersion]:
    """Name of the survey → its version in force."""
    found = {}
    for questionnaire in Questionnaire.objects.filter(kind=QuestionnaireKind.FACTORY):
        try:
            found[questionnaire.name] = version_in_force(questionnaire)
        except Refusal:
            continue
    return found


def _factor_questions() -> dict[str, Question]:
    """Folded code → question of a factory survey that a number answers."""
    return {
        fold_code(question.code): question
        for version in factory_versions().values()
        for question in version.questions.all()
        if question.kind in SCALES and not question.is_overall
    }


def _score(kind: str) -> Number:
    least, most = SCALES[QuestionKind(kind)]
    return Number(places=0, least=Decimal(least), most=Decimal(most))


@register
class FactorySheet(SheetResource):
    sheet, place, key = "厂家调查", 160, ("store", "vin", "day", "survey")
    double_column = "vin"

    store = Column("门店代码", Code(20), "store__code", required=True, refers="门店")
    vin = Column("车架号", Vin(), "vehicle__vin", required=True, known_as=("VIN", "底盘号"))
    day = Column("日期", DayOfMoment(), "answered_at", required=True, known_as=("访问日期", "调查日期"))
    survey = Column("调查名称", Survey(), "version__questionnaire__name", required=True)
    overall = Column("总体分", Number(places=0, least=Decimal(1), most=Decimal(10)), known_as=("总体满意度",))

    def open_column(self, header):
        question = _factor_questions().get(fold_code(header))
        return (f"{_FACTOR}{question.code}", Column(question.code, _score(question.kind))) if question else None

    def known_rows(self, keys):
        return Response.objects.filter(
            source=ResponseSource.FACTORY,
            store__code__in={store for store, *_rest in keys},
            vehicle__vin__in={vin for _store, vin, *_rest in keys},
        )

    def after_load(self, known):
        super().after_load(known)
        known["day"] = timezone.localdate(known["day"])

    def load(self, keys, *, lock=False):
        found = super().load(keys, lock=lock)
        by_response = {known.pk: known.values for known in found.values()}
        answers = Answer.objects.filter(response__in=list(by_response), score__isnull=False)
        for response, code, is_overall, score in answers.values_list(
            "response", "question__code", "question__is_overall", "score"
        ):
            by_response[response][_OVERALL if is_overall else f"{_FACTOR}{code}"] = score
        return found

    def check(self, row, book):
        if row.given("day") and row.get("day") > timezone.localdate(book.at):
            yield "day", _("This day is still to come.")
        codes = book.remember("factory codes", _codes_by_survey).get(row.get("survey"), {})
        scores = [name for name in row.values if name.startswith(_FACTOR) or name == _OVERALL]
        for name in scores:
            if row.given("survey") and name != _OVERALL and name.removeprefix(_FACTOR) not in codes:
                yield name, _("The survey %(survey)s has no such factor.") % {"survey": row.get("survey")}
        if row.given("survey") and _OVERALL in scores and None not in codes:
            yield _OVERALL, _("The survey %(survey)s has no overall score.") % {"survey": row.get("survey")}
        if not scores and not any(name.startswith("!") for name in row.values):
            yield "survey", _("No score is given.")

    def check_all(self, rows, book):
        cars = _cars_by_vin({row.get("vin") for row in rows if row.given("vin")})
        for row in rows:
            plates = [plate for _pk, plate, _owner in cars.get(row.get("vin"), ())]
            if row.given("vin") and not plates:
                yield row, "vin", _("No car in the program has this VIN.")
            elif len(plates) > 1:
                yield row, "vin", _("Several cars have this VIN: %(plates)s.") % {"plates": "、".join(plates)}

    def touches(self, rows, book):
        numbers = [_number(row) for row in rows]
        yield Response.objects.filter(number__in=numbers)
        yield Answer.objects.filter(response__number__in=numbers)
        yield Flag.objects.filter(answer__response__number__in=numbers)

    def write(self, new, changed, book):
        rows = [*new, *changed]
        stores = Store.objects.in_bulk([row.get("store") for row in rows], field_name="code")
        cars = _cars_by_vin({row.get("vin") for row in rows})
        visits = _visits([car[0][0] for car in cars.values()])
        versions = factory_versions()
        by_survey = defaultdict(list)
        for row in rows:
            store, (car, _plate, owner) = stores[row.get("store")], cars[row.get("vin")][0]
            visit = _visit_before(visits[store.pk, car], row.get("day"))
            by_survey[row.get("survey")].append(
                KeptAnswers(
                    number=_number(row),
                    store_id=store.pk,
                    order_id=visit.pk if visit else None,
                    customer_id=visit.customer_id if visit else owner,
                    advisor_id=visit.advisor_id if visit else None,
                    vehicle_id=car,
                    answered_at=datetime.combine(row.get("day"), time(12), tzinfo=store.tz),
                    taken_by_id=None,
                    answers=_answers(row, versions[row.get("survey")]),
                )
            )
        made = {}
        for survey, kept in by_survey.items():
            made |= record_responses(
                version=versions[survey], source=ResponseSource.FACTORY, kept=kept, by=book.by, at=book.at
            )
        for row in new:
            row.pk = made[_number(row)]


def _number(row) -> str:
    """The key of an interview."""
    said = ("factory", row.get("vin"), f"{row.get('day'):%Y%m%d}", row.get("store"), row.get("survey"))
    return ":".join(said)[:80]


def _codes_by_survey() -> dict[str, set]:
    """Name of the survey → codes of its factors; None stands for its overall score."""
    return {
        name: {None if question.is_overall else question.code for question in version.questions.all()}
        for name, version in factory_versions().items()
    }


def _cars_by_vin(vins: set[str]) -> dict[str, list[tuple[int, str, int]]]:
    """VIN → (id, plate, owner) of the cars that have it."""
    found = defaultdict(list)
    for vin, *car in Vehicle.objects.filter(vin__in=vins).values_list("vin", "pk", "plate", "owner"):
        found[vin].append(tuple(car))
    return found


def _visits(cars: list[int]) -> dict[tuple[int, int], list[RepairOrder]]:
    """(Store, car) → its delivered visits, the newest first."""
    found = defaultdict(list)
    orders = RepairOrder.objects.filter(vehicle__in=cars, delivered_at__isnull=False).order_by("-delivered_at")
    for order in orders.only("store", "vehicle", "customer", "advisor", "delivered_at"):
        found[order.store_id, order.vehicle_id].append(order)
    return found


def _visit_before(visits: list[RepairOrder], day: date) -> RepairOrder | None:
    return next((one for one in visits if timezone.localdate(one.delivered_at) <= day), None)


def _answers(row, version: QuestionnaireVersion) -> dict[str, object]:
    overall = next((question.code for question in version.questions.all() if question.is_overall), None)
    given = {
        name.removeprefix(_FACTOR): value for name, value in row.values.items() if name.startswith(_FACTOR)
    }  # fmt: skip
    return given | ({overall: row.values[_OVERALL]} if row.given(_OVERALL) else {})


@register
class FactoryRankSheet(SheetResource):
    sheet, place, key = "厂家排名", 165, ("store", "period", "survey")
    double_column = "survey"

    store = Column("门店代码", Code(20), "store__code", required=True, refers="门店")
    period = Column("月份", Month(), "period", required=True)
    survey = Column("调查名称", Text(40), "survey", required=True)
    region = Column("区域", Text(40), "region", required=True)
    rank = Column("区域名次", Whole(least=1), "place", required=True, known_as=("名次", "排名"))
    of = Column("区域门店数", Whole(least=1), "of", required=True, known_as=("门店数",))
    score = Column("得分", Number(places=2, least=Decimal(0), most=Decimal("99999.99")), "score")

    def known_rows(self, keys):
        return FactoryRank.objects.filter(
            store__code__in={store for store, *_rest in keys}, period__in={period for _store, period, *_rest in keys}
        )

    def check(self, row, book):
        if row.get("rank") and row.get("of") and row.get("rank") > row.get("of"):
            yield "rank", _("The place lies between 1 and the number of stores.")

    def write(self, new, changed, book):
        ranks = [
            FactoryRank(store_id=book.pk("门店", row.get("store")), period=row.get("period"), survey=row.get("survey"),
                        **self._facts(row))
            for row in new
        ]  # fmt: skip
        for row, rank in zip(new, FactoryRank.objects.bulk_create(ranks), strict=True):
            row.pk = rank.pk
        FactoryRank.objects.bulk_update(
            [FactoryRank(pk=row.pk, **self._facts(row)) for row in changed], ["region", "place", "of", "score"]
        )

    @staticmethod
    def _facts(row) -> dict:
        return {
            "region": row.get("region"), "place": row.get("rank"), "of": row.get("of"), "score": row.get("score"),
        }  # fmt: skip
