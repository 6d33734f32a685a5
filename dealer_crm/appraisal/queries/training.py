"""Trainings as people look at them, and what scorecards read of them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Avg, Count, Q, QuerySet

from dealer_crm.appraisal.choices import Presence, TrainingState
from dealer_crm.appraisal.formulas.scales import FAILURES, FIGURE, Fact, Row
from dealer_crm.appraisal.models import Training, TrainingSeat
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period


def trainings_matching(staff: Staff, *, at: datetime, view: str = "", kind: str = "") -> QuerySet[Training]:
    """The trainings a list shows; `view`: "" to come or to be noted, "held", "called_off", "mine"."""
    trainings = (
        Training.objects.visible_to(staff)
        .select_related("store")
        .annotate(
            invited=Count("seats"),
            there=Count("seats", filter=Q(seats__presence=Presence.THERE)),
            mean=Avg("seats__score"),
        )
    )
    trainings = {
        "": trainings.filter(state=TrainingState.PLANNED),
        "held": trainings.filter(state=TrainingState.HELD),
        "called_off": trainings.filter(state=TrainingState.CALLED_OFF),
        "mine": trainings.filter(pk__in=TrainingSeat.objects.filter(staff=staff).values("training")),
    }[view]
    return trainings.filter(kind=kind) if kind else trainings


def seats_of(training: Training, *, post_on) -> list[TrainingSeat]:
    """Who was invited, with the post of that day."""
    seats = list(training.seats.select_related("staff").order_by("staff__work_number"))
    posts = dict(
        Staff.objects.filter(pk__in=[seat.staff_id for seat in seats]).with_position(post_on).values_list("pk", "post")
    )
    for seat in seats:
        seat.post = posts.get(seat.staff_id) or ""
    return seats


def trainings_ahead(staff: Staff, at: datetime) -> QuerySet[Training]:
    """What somebody is invited to."""
    return Training.objects.filter(seats__staff=staff, state=TrainingState.PLANNED, starts_at__gt=at).order_by(
        "starts_at", "pk"
    )


def trainings_to_note(staff: Staff, at: datetime) -> QuerySet[Training]:
    """Sessions of the store that are over and of which nobody has noted who was there."""
    return (
        Training.objects.of_store(staff.store)
        .filter(state=TrainingState.PLANNED, starts_at__lte=at)
        .order_by("starts_at", "pk")
    )


@dataclass(frozen=True)
class PersonTrained:
    """A person's trainings of a month; `mean` of the tests, an unexcused absence counting 0."""

    person: Staff
    invited: int
    there: int
    excused: int
    mean: Decimal | None


def trained_in_month(store: Store, period: Period) -> list[PersonTrained]:
    """Everybody invited to a session that was held, in the order of their work numbers."""
    seats = (
        _held(store, period).select_related("staff", "training").order_by("staff__work_number", "training__starts_at")
    )
    by_person: dict[Staff, list[TrainingSeat]] = defaultdict(list)
    for seat in seats:
        by_person[seat.staff].append(seat)
    return [
        PersonTrained(
            person,
            invited=len(seats),
            there=sum(seat.presence == Presence.THERE for seat in seats),
            excused=sum(seat.presence == Presence.EXCUSED for seat in seats),
            mean=_mean([score for seat in seats if (score := _counted(seat)) is not None]),
        )
        for person, seats in by_person.items()
    ]


# ── What scorecards read ─────────────────────────────────────────────────────────────────────────────────────────────
def training_scores(asked, source: str) -> dict[int, Fact]:
    """The mean test score of the month's sessions, 0–100: an unexcused absence from a test counts 0, an excused one not
    at all. Each test is a row."""
    scores, rows = defaultdict(list), defaultdict(list)
    for seat in _seats(asked):
        score = _counted(seat)
        if score is not None:
            scores[seat.staff_id].append(score)
            rows[seat.staff_id].append(_row(asked, seat, f"{score.normalize():f}"))
    return {
        person: Fact(source, FIGURE, tuple(rows[person]), Decimal(len(given)), _mean(given))
        for person, given in scores.items()
    }


def training_attendance(asked, source: str) -> dict[int, Fact]:
    """Sessions of the month one was invited to and not excused from; those one stayed away from are the rows."""
    base: dict[int, int] = defaultdict(int)
    rows = defaultdict(list)
    for seat in _seats(asked):
        if seat.presence == Presence.EXCUSED:
            continue
        base[seat.staff_id] += 1
        if seat.presence == Presence.ABSENT:
            rows[seat.staff_id].append(_row(asked, seat, ""))
    return {person: Fact(source, FAILURES, tuple(rows[person]), Decimal(count)) for person, count in base.items()}


def _seats(asked) -> QuerySet[TrainingSeat]:
    seats = _held(asked.store, asked.period).filter(staff__in=asked.people)
    return seats.select_related("training").order_by("training__starts_at", "pk")


def _held(store: Store, period) -> QuerySet[TrainingSeat]:
    start, end = period.bounds(store.tz)
    return TrainingSeat.objects.of_store(store).filter(
        training__state=TrainingState.HELD, training__starts_at__gte=start, training__starts_at__lt=end
    )


def _counted(seat: TrainingSeat) -> Decimal | None:
    """The score a seat counts with, None where it does not."""
    if not seat.training.has_test or seat.presence == Presence.EXCUSED:
        return None
    return Decimal(0) if seat.presence == Presence.ABSENT else seat.score


def _mean(scores: list[Decimal]) -> Decimal | None:
    return sum(scores, Decimal(0)) / len(scores) if scores else None


def _row(asked, seat: TrainingSeat, text: str) -> Row:
    return Row("training", seat.training.title, asked.day(seat.training.starts_at), text, seat.training_id)
