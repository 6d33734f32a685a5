"""The staff survey: anonymous, once a month, everybody is asked. Source: spec `satisfaction.md`, "Questionnaires"."""

from collections.abc import Mapping
from datetime import datetime, time

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.notices import actions as notices
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period, Refusal
from satisfaction.actions.responses import read_answers
from satisfaction.choices import QuestionnaireKind, ResponseSource
from satisfaction.models import Answer, Ballot, QuestionnaireVersion, Response


@transaction.atomic
def answer_staff_survey(
    *, version: QuestionnaireVersion, answers: Mapping[str, object], by: Staff, at: datetime
) -> None:
    """Take down what one of the staff says in the round of this month, and apart from it that they have said something.

    Nothing leads from one to the other: the sheet bears the first of the month for a moment and no person, it stands in
    no journal, and the ballots of the round are written anew in the order of work numbers with every sheet, so that
    neither time nor the order of rows pairs them. Refused: who has answered this month, another questionnaire, what
    `record_response` refuses. Bad answers raise no flag: there is nobody to go to.
    """
    if version.questionnaire.kind != QuestionnaireKind.STAFF or version.published_at is None:
        raise Refusal(_("%(version)s is no staff survey in use.") % {"version": version})
    store = Store.objects.select_for_update().get(pk=by.store_id)  # one sheet after the other
    period = Period.of(at, store.tz)
    round_ = Ballot.objects.filter(store=store, period=str(period))
    if round_.filter(staff=by).exists():
        raise Refusal(_("You have answered this round already."), code="answered_already")
    rows = read_answers(version, answers)
    response = Response.objects.create(
        version=version,
        store=store,
        source=ResponseSource.LINK,
        answered_at=datetime.combine(period.first_day, time(12), tzinfo=store.tz),
    )
    for row in rows:
        row.response = response
    Answer.objects.bulk_create(rows)
    ballots = [*round_.select_related("staff"), Ballot(version=version, store=store, period=str(period), staff=by)]
    round_.delete()
    Ballot.objects.bulk_create(
        Ballot(version=one.version, store=store, period=one.period, staff=one.staff)
        for one in sorted(ballots, key=lambda one: one.staff.work_number)
    )


@transaction.atomic
def call_staff_survey(*, store: Store, period: Period, by, at: datetime) -> int:
    """Ask everybody of the store who has not answered this month. Returns how many were told now; who was told of this
    round before is not told again."""
    answered = Ballot.objects.filter(store=store, period=str(period)).values("staff")
    told = notices.notify(
        recipients=Staff.objects.filter(store=store, is_active=True).exclude(pk__in=answered),
        key=f"staff-survey:{store.code}:{period}",
        text=_("How do you like working here? The anonymous staff survey of %(month)s is open.") % {"month": period},
        url=reverse("satisfaction:staff_survey"),
        at=at,
    )
    if told:
        journal.record(by=by, at=at, verb="staff_survey.called", subject=store, store=store, note=str(period))
    return told
