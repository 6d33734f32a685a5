"""Training: planned, held, with who was there and what the test came to. Source: spec `commission.md`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.appraisal.choices import Presence, TrainingKind, TrainingState
from dealer_crm.appraisal.models import Training, TrainingSeat
from dealer_crm.appraisal.queries.pay import objection_of_pay
from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.notices.actions import notify
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period, Refusal


@transaction.atomic
def plan_training(
    *, store: Store, title: str, kind: TrainingKind, starts_at: datetime, hours: Decimal, trainer: str,
    people: Collection[Staff], by: Staff | None, at: datetime, place: str = "", content: str = "",
    has_test: bool = True, training: Training | None = None, expected_version: int | None = None,
) -> Training:  # fmt: skip
    """A session and who is invited; who is new on the list is told. One that was held changes no more."""
    if training is None:
        training = Training(store=store, made_by=by, made_at=at, version=0)
    else:
        training = _locked(training, expected_version)
    if not title.strip() or not trainer.strip():
        raise Refusal(_("Name the training and who gives it."), field="title", code="name_missing")
    if hours <= 0:
        raise Refusal(_("A training takes time."), field="hours", code="no_time")
    if not people:
        raise Refusal(_("Invite somebody."), field="people", code="nobody")
    strangers = [one.name for one in people if one.store_id != store.pk or not one.is_active]
    if strangers:
        raise Refusal(
            _("%(person)s does not work here.") % {"person": "、".join(strangers)}, field="people", code="stranger"
        )
    training.title, training.kind, training.starts_at, training.hours = title.strip()[:80], kind, starts_at, hours
    training.trainer, training.place, training.content = trainer.strip()[:40], place.strip()[:60], content.strip()
    training.has_test, training.version = has_test, training.version + 1
    training.save()
    wanted = {one.pk: one for one in people}
    training.seats.exclude(staff__in=wanted).delete()
    known = set(training.seats.values_list("staff", flat=True))
    TrainingSeat.objects.bulk_create(TrainingSeat(training=training, staff_id=pk) for pk in wanted if pk not in known)
    journal.record(by=by, at=at, verb="training.planned", subject=training, store=store, note=training.title)
    if starts_at > at:
        _invite(training, [person for pk, person in wanted.items() if pk not in known], at)
    return training


@dataclass(frozen=True)
class Attended:
    """What is noted of a participant; `score` of 0–100 where there was a test."""

    presence: Presence
    score: Decimal | None = None
    remark: str = ""


@transaction.atomic
def hold_training(
    *, training: Training, noted: Mapping[int, Attended], by: Staff, at: datetime, note: str = "",
    expected_version: int | None = None,
) -> Training:  # fmt: skip
    """Note who was there and what the test came to; noted again, the later word holds. `noted`: seat id → what.

    Refused: before it began, somebody left out, somebody who was there without a score (or with one where there was no
    test), a month whose pay is locked.
    """
    training = _locked(training, expected_version, TrainingState.PLANNED, TrainingState.HELD)
    if training.starts_at > at:
        raise Refusal(_("The training has not begun yet."), code="ahead")
    _refuse_locked(training)
    seats = list(training.seats.select_related("staff").select_for_update(of=["self"]))
    for seat in seats:
        said = noted.get(seat.pk)
        if said is None or said.presence not in Presence.values:
            raise Refusal(_("Say of %(person)s whether they were there.") % {"person": seat.staff}, code="left_out")
        if said.score is not None and not 0 <= said.score <= 100:
            raise Refusal(_("A test score lies between 0 and 100."), field=f"score_{seat.pk}", code="score_outside")
        tested = training.has_test and said.presence == Presence.THERE
        if tested and said.score is None:
            raise Refusal(
                _("%(person)s was there; enter the test score.") % {"person": seat.staff}, field=f"score_{seat.pk}",
                code="score_missing",
            )  # fmt: skip
        if said.score is not None and not tested:
            raise Refusal(
                _("%(person)s took no test; leave the score empty.") % {"person": seat.staff},
                field=f"score_{seat.pk}", code="no_test",
            )  # fmt: skip
        seat.presence, seat.score, seat.remark = said.presence, said.score, said.remark.strip()[:120]
    TrainingSeat.objects.bulk_update(seats, ["presence", "score", "remark"])
    training.state, training.ended_note, training.version = TrainingState.HELD, note.strip()[:200], training.version + 1
    training.save(update_fields=["state", "ended_note", "version"])
    there = sum(seat.presence == Presence.THERE for seat in seats)
    journal.record(
        by=by, at=at, verb="training.held", subject=training, store=training.store, note=f"{there}/{len(seats)}"
    )
    return training


@transaction.atomic
def call_off_training(
    *, training: Training, reason: str, by: Staff, at: datetime, expected_version: int | None = None
) -> Training:
    """It does not take place; who was invited is told."""
    training = _locked(training, expected_version)
    if not reason.strip():
        raise Refusal(_("Say why the training is called off."), field="reason", code="reason_missing")
    training.state, training.ended_note = TrainingState.CALLED_OFF, reason.strip()[:200]
    training.version += 1
    training.save(update_fields=["state", "ended_note", "version"])
    journal.record(
        by=by, at=at, verb="training.called_off", subject=training, store=training.store, note=training.ended_note
    )
    notify(
        recipients=[seat.staff for seat in training.seats.select_related("staff")],
        key=f"training:{training.pk}:called_off",
        text=_("%(training)s is called off: %(reason)s") % {"training": training, "reason": training.ended_note},
        url=reverse("appraisal:training", args=[training.pk]),
        at=at,
    )
    return training


def _invite(training: Training, people: list[Staff], at: datetime) -> None:
    when = timezone.localtime(training.starts_at, training.store.tz)
    notify(
        recipients=people,
        key=f"training:{training.pk}",
        text=_("Training: %(training)s, %(when)s %(place)s")
        % {"training": training, "when": f"{when:%m-%d %H:%M}", "place": training.place},
        url=reverse("appraisal:training", args=[training.pk]),
        at=at,
    )


def _locked(training: Training, expected_version: int | None, *states: TrainingState) -> Training:
    training = Training.objects.select_for_update(of=["self"]).select_related("store").get(pk=training.pk)
    refuse_stale(training, expected_version)
    if training.state not in (states or (TrainingState.PLANNED,)):
        raise Refusal(
            _("This training is “%(state)s”.") % {"state": training.get_state_display()}, code="training_state"
        )
    return training


def _refuse_locked(training: Training) -> None:
    """Scores of a month whose pay is locked can't change any more."""
    period = Period.of(training.starts_at, training.store.tz)
    if training.state == TrainingState.HELD and (sentence := objection_of_pay(training.store, period)):
        raise Refusal(sentence, code="locked")
