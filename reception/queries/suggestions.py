"""Repair suggestions as pages, the gate and the callback centre ask for them."""

from datetime import date

from django.db.models import Case, IntegerField, Value, When
from django.db.models.functions import Coalesce

from dealer_crm.organization.models import Staff
from reception.choices import SuggestionState, Urgency
from reception.models import Suggestion, Vehicle

# Most urgent first.
_RANK = Case(
    *(When(urgency=urgency, then=Value(place)) for place, urgency in enumerate(Urgency)),
    default=Value(len(Urgency)),
    output_field=IntegerField(),
)


def suggestions_visible_to(staff: Staff):
    """Suggestions for a list or a page, with the names a row shows."""
    return (
        Suggestion.objects.visible_to(staff)
        .select_related("vehicle__owner", "order", "done_in", "made_by", "ended_by", "store")
        .annotate(rank=_RANK, due_on=Coalesce("follow_up_on", Value(date.max)))
    )


def open_suggestions(vehicle: Vehicle, staff: Staff):
    """What should be done to a car and was not, most urgent first: for its next intake and its page."""
    return suggestions_visible_to(staff).filter(vehicle=vehicle, state=SuggestionState.OPEN).order_by("rank", "pk")


def suggestions_of(vehicle: Vehicle, staff: Staff):
    """Everything that was ever suggested for a car, open ones first."""
    return suggestions_visible_to(staff).filter(vehicle=vehicle).order_by("-state", "rank", "-pk")


def suggestions_due(staff: Staff, day: date):
    """Open suggestions whose follow-up day has come."""
    return suggestions_visible_to(staff).filter(state=SuggestionState.OPEN, follow_up_on__lte=day)
