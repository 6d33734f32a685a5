"""Figures: what holds from which day."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Store, StoreFigure
from dealer_crm.organization.queries import figure as figure_in_force
from dealer_crm.values import Figure, Refusal


@transaction.atomic
def set_figure(*, figure: Figure, store: Store | None, value, starts_on: date, by, at) -> StoreFigure:
    """Change a figure from a day on, for one store or for all. What was computed for earlier days keeps its value."""
    if store is None and by and not by.sees_all_stores:
        raise Refusal(_("Only the administrator changes a figure for all stores."), field="store")
    try:
        value = figure.read(value)
    except (TypeError, ValueError) as error:
        raise Refusal(_("%(value)s is not a value for this figure.") % {"value": value}, field="value") from error
    before = figure_in_force(figure, store=store, on=starts_on)
    row, _was_new = StoreFigure.objects.update_or_create(
        store=store,
        code=figure.code,
        starts_on=starts_on,
        defaults={"value": figure.stored(value), "changed_by": by, "changed_at": at},
    )
    journal.record(
        by=by,
        at=at,
        verb="figure.changed",
        subject=row,
        store=store,
        changes={figure.code: [figure.stored(before), figure.stored(value)], "starts_on": [None, starts_on]},
    )
    return row
