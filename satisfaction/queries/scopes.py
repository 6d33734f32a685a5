"""Whose answers of which span a figure is about; every figure and the list of responses behind it ask the same way."""

from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from dealer_crm.organization.models import Store
from dealer_crm.values import Period, Quarter, Week
from dealer_crm.values.period import SHANGHAI
from reception.choices import LineKind
from reception.models import LineShare, OrderLine
from satisfaction.choices import QuestionnaireKind, ResponseSource
from satisfaction.models import Answer, Question, Questionnaire, Response

Span = Period | Week | Quarter


def span_written(text: str) -> Span:
    """Read `2026-10`, `2026-W41` or `2026-Q4`. Raises ValueError for anything else."""
    kind = next((kind for mark, kind in (("W", Week), ("Q", Quarter)) if mark in text), Period)
    return kind.parse(text)


@dataclass(frozen=True)
class Scope:
    """Answers of a store in a week, month or quarter, narrowed where given.

    Several stores: `store` None and `stores` given. `questionnaire` None is the service CSI. Factory answers are never
    among them.
    """

    store: Store | None
    period: Span
    advisor_id: int | None = None
    order_kind: str = ""
    stores: tuple[Store, ...] = field(default=())
    questionnaire: Questionnaire | None = None
    brand: str = ""
    technician_id: int | None = None
    team_id: int | None = None
    agent_id: int | None = None
    factor: str = ""
    step: str = ""

    @property
    def tz(self) -> tzinfo:
        return self.store.tz if self.store else SHANGHAI

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        return self.period.bounds(self.tz)

    def previous(self) -> "Scope":
        return replace(self, period=self.period.previous())

    def asks(self, question: Question) -> bool:
        """This question belongs to the questionnaire, factor and step the scope is about."""
        if self.factor and question.code != self.factor:
            return False
        if self.step and (question.section is None or question.section.code != self.step):
            return False
        questionnaire = question.version.questionnaire
        if self.questionnaire:
            return questionnaire == self.questionnaire
        return questionnaire.kind == QuestionnaireKind.SERVICE_CSI

    def narrowing(self, response: str = "") -> Q:
        """The condition on responses; `response` is the way to them ("response__" from answers)."""
        narrow = Q(**{f"{response}store__in": self.stores} if self.store is None else {f"{response}store": self.store})
        plain = {
            "advisor": self.advisor_id,
            "order__kind": self.order_kind,
            "order__vehicle__brand": self.brand,
            "taken_by": self.agent_id,
            "version__questionnaire": self.questionnaire,
        }
        narrow &= Q(**{f"{response}{way}": value for way, value in plain.items() if value})
        if self.technician_id:
            worked = LineShare.objects.filter(technician=self.technician_id, line__kind=LineKind.LABOUR)
            narrow &= Q(**{f"{response}order__in": worked.values("line__order")})
        if self.team_id:
            narrow &= Q(**{f"{response}order__in": _labour().filter(team=self.team_id).values("order")})
        # Rates never mix internal and factory results.
        return narrow & ~Q(**{f"{response}source": ResponseSource.FACTORY})

    def answers(self, start: datetime, end: datetime) -> QuerySet[Answer]:
        """The answers with a score given in [start, end)."""
        rows = Answer.objects.filter(
            self.narrowing("response__"),
            response__answered_at__gte=start,
            response__answered_at__lt=end,
            score__isnull=False,
        )
        if self.factor:
            rows = rows.filter(question__code=self.factor)
        return rows.filter(question__section__code=self.step) if self.step else rows

    def responses(self) -> QuerySet[Response]:
        """The responses of the span; narrowed to a factor or step, those that answered it."""
        start, end = self.bounds
        rows = Response.objects.of_customers().filter(self.narrowing(), answered_at__gte=start, answered_at__lt=end)
        asked = Answer.objects.filter(response=OuterRef("pk"), score__isnull=False)
        if self.factor:
            rows = rows.filter(Exists(asked.filter(question__code=self.factor)))
        if self.step:
            rows = rows.filter(Exists(asked.filter(question__section__code=self.step, question__weight__isnull=False)))
        return rows


def _labour():
    return OrderLine.objects.filter(kind=LineKind.LABOUR)


def recent_spans(until: Span) -> list[tuple[str, list[Span]]]:
    """What a page offers to choose from: eight quarters, thirteen months, thirteen weeks up to a day's own."""
    day = until.last_day
    return [
        ("month", [Period.of(day).shifted(-back) for back in range(13)]),
        ("quarter", [Quarter.of(day).shifted(-back) for back in range(8)]),
        ("week", [Week.of(day).shifted(-back) for back in range(13)]),
    ]
