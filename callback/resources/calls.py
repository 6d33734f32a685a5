"""Sheet 回访 of the import workbook: one row per call, and one column per factor of the service questionnaire.

Source: spec `interfaces.md`, `callback.md`. A call that was made elsewhere leaves no owed call behind: the open
after-service call of its order is finished. "Not on time" on the call makes the order late whatever the clock said.
"""

from decimal import Decimal

from django.utils.translation import gettext as _

from callback.actions import settle_called
from callback.choices import Outcome
from callback.models import CallTask, Contact
from dealer_crm.importing.cells import fold_code, shown
from dealer_crm.importing.sheets import Column, SheetResource, StoreCode, register
from dealer_crm.importing.widgets import Choice, Code, Moment, Number, YesNo
from dealer_crm.values import Refusal
from reception.models import RepairOrder
from satisfaction.actions import KeptAnswers, record_responses
from satisfaction.choices import QuestionKind, ResponseSource
from satisfaction.models import Answer, Flag, Question, Questionnaire, QuestionnaireVersion, Response
from satisfaction.queries.questionnaires import csi_version

OUTCOMES = {
    "成功": Outcome.COMPLETED,
    "无人接听": Outcome.NO_ANSWER,
    "占线": Outcome.BUSY,
    "关机": Outcome.SWITCHED_OFF,
    "错号": Outcome.WRONG_NUMBER,
    "空号": Outcome.INVALID_NUMBER,
    "拒访": Outcome.REFUSED,
    "改约": Outcome.CALL_LATER,
}
# Names of the open-ended columns begin so: one for each factor of the questionnaire.
_FACTOR = "factor "
_LEVELS = {
    "非常满意": Decimal(5),
    "满意": Decimal(4),
    "一般": Decimal(3),
    "不满意": Decimal(2),
    "非常不满意": Decimal(1),
}


class Score(Number):
    """An answer on its question's own scale: 1–10, recommend 0–10, levels 1–5 or in words, yes/no 1/0 or in words."""

    SCALES = {
        QuestionKind.SCORE: (1, 10),
        QuestionKind.RECOMMEND: (0, 10),
        QuestionKind.LEVEL: (1, 5),
        QuestionKind.YES_NO: (0, 1),
    }

    def __init__(self, kind: str):
        least, most = self.SCALES[kind]
        super().__init__(places=0, least=Decimal(least), most=Decimal(most))
        self.kind = kind

    def read(self, value):
        if self.kind == QuestionKind.LEVEL and fold_code(shown(value)) in _LEVELS:
            return _LEVELS[fold_code(shown(value))]
        if self.kind == QuestionKind.YES_NO:
            return Decimal(int(YesNo().read(value)))
        return super().read(value)


def service_version() -> QuestionnaireVersion | None:
    """The service questionnaire in force; None in a house that has none."""
    try:
        return csi_version()
    except (Questionnaire.DoesNotExist, Refusal):
        return None


def service_questions() -> dict[str, Question]:
    """Factor code → question of the service questionnaire, as far as a number answers it."""
    version = service_version()
    questions = version.questions.all() if version else ()
    return {fold_code(question.code): question for question in questions if question.kind in Score.SCALES}


def key_of(row) -> str:
    """The key of a call that came by workbook, and of its answers."""
    return f"{row.get('order')}@{row.get('at'):%Y%m%d%H%M%S}"


@register
class ContactSheet(SheetResource):
    sheet, place, key = "回访", 150, ("order", "at")
    also = {"home": "store__code", "response": "response_id"}

    order = Column("工单号", Code(40), "order__number", required=True, refers="工单")
    at = Column("回访时间", Moment(), "at", required=True)
    agent = Column("回访员工号", Code(20), "agent__work_number", required=True, refers="员工")
    outcome = Column("结果", Choice(OUTCOMES), "outcome", required=True)
    was_on_time = Column("准时交车", YesNo(), "was_on_time")

    def open_column(self, header):
        question = service_questions().get(fold_code(header))
        return (f"{_FACTOR}{question.code}", Column(question.code, Score(question.kind))) if question else None

    def known_rows(self, keys):
        return Contact.objects.filter(
            order__number__in={order for order, _at in keys}, at__in={at for _order, at in keys}
        )

    def load(self, keys, *, lock=False):
        found = super().load(keys, lock=lock)
        by_response = {known.values["response"]: known.values for known in found.values() if known.values["response"]}
        answers = Answer.objects.filter(response__in=list(by_response), score__isnull=False)
        for response, code, score in answers.values_list("response", "question__code", "score"):
            by_response[response][f"{_FACTOR}{code}"] = score
        return found

    def needs(self, known):
        return {"工单": {(row.get("order"),) for row in known}}

    def store_of(self, row, book):
        order = book.row("工单", row.get("order"))
        return StoreCode(order.get("store")) if order and order.get("store") else None

    def check(self, row, book):
        order = book.row("工单", row.get("order"))
        delivered_at = order.get("delivered_at") if order else None
        if row.given("at") and delivered_at and row.get("at") < delivered_at:
            yield "at", _("The call lies before the delivery of the car.")
        scores = [name for name in row.values if name.startswith(_FACTOR)]
        if scores and row.given("outcome") and row.get("outcome") != Outcome.COMPLETED:
            yield "outcome", _("Scores are given, but the call did not succeed.")

    def touches(self, rows, book):
        yield from super().touches(rows, book)
        orders = {book.pk("工单", row.get("order")) for row in rows} - {None}
        numbers = [key_of(row) for row in rows]
        yield Response.objects.filter(number__in=numbers)
        yield Answer.objects.filter(response__number__in=numbers)
        yield Flag.objects.filter(answer__response__number__in=numbers)
        yield RepairOrder.objects.filter(pk__in=orders)
        yield CallTask.objects.filter(order__in=orders)
        yield Contact.objects.filter(order__in=orders)

    def write(self, new, changed, book):
        responses = self._respond([*new, *changed], book)
        contacts = []
        for row in new:
            order = book.row("工单", row.get("order"))
            vehicle = book.row("车辆", order.get("vehicle"))
            contacts.append(
                Contact(
                    number=key_of(row),
                    store_id=book.pk("门店", order.get("store")),
                    customer_id=book.pk("客户", vehicle.get("owner")),
                    vehicle_id=vehicle.pk,
                    order_id=order.pk,
                    at=row.get("at"),
                    response_id=responses.get(row),
                    **self._facts(row, book),
                )
            )
        for row, contact in zip(new, Contact.objects.bulk_create(contacts, batch_size=2000), strict=True):
            row.pk = contact.pk
        Contact.objects.bulk_update(
            [
                Contact(pk=row.pk, response_id=responses.get(row, row.before["response"]), **self._facts(row, book))
                for row in changed
            ],
            ["agent", "outcome", "was_on_time", "response"],
            batch_size=1000,
        )
        self._settle_what_it_means([*new, *changed], book)

    @staticmethod
    def _facts(row, book) -> dict:
        return {
            "agent_id": book.pk("员工", row.get("agent")),
            "outcome": row.get("outcome"),
            "was_on_time": row.get("was_on_time"),
        }

    @staticmethod
    def _respond(rows, book) -> dict:
        """The answers of the calls, taken down by satisfaction: row → id of its response."""
        kept = {}
        for row in rows:
            answers = {name.removeprefix(_FACTOR): row.values[name] for name in row.values if name.startswith(_FACTOR)}
            if answers:
                order = book.row("工单", row.get("order"))
                vehicle = book.row("车辆", order.get("vehicle"))
                kept[row] = KeptAnswers(
                    number=key_of(row),
                    store_id=book.pk("门店", order.get("store")),
                    order_id=order.pk,
                    customer_id=book.pk("客户", vehicle.get("owner")),
                    advisor_id=book.pk("员工", order.get("advisor")),
                    answered_at=row.get("at"),
                    taken_by_id=book.pk("员工", row.get("agent")),
                    answers=answers,
                )
        if not kept:
            return {}
        responses = record_responses(
            version=service_version(), source=ResponseSource.IMPORT, kept=list(kept.values()), by=book.by, at=book.at
        )
        return {row: responses[answers.number] for row, answers in kept.items()}

    @staticmethod
    def _settle_what_it_means(rows, book) -> None:
        said = [(book.pk("工单", row.get("order")), row.get("was_on_time")) for row in rows if row.given("was_on_time")]
        for was_on_time in (True, False):
            orders = [order for order, on_time in said if on_time is was_on_time]
            RepairOrder.objects.filter(pk__in=orders).update(late_by_customer=not was_on_time)
        settle_called(orders={book.pk("工单", row.get("order")) for row in rows}, by=book.by, at=book.at)
