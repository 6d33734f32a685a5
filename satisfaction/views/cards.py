"""What satisfaction puts on the first page."""

from itertools import groupby, islice

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.ui.home import SHOWN, Card, Item, among
from dealer_crm.values import Period
from satisfaction import queries


@among(lambda staff, at: queries.displeased(staff))
def flags_card(staff, at, displeased) -> Card | None:
    """Whose bad answers nobody has dealt with yet: a row for each who answered, however much was wrong."""
    flags = queries.flags_for(staff).order_by("raised_at", "answer__response", "pk")[:100]
    of_response = groupby(flags, lambda flag: flag.answer.response)
    items = [
        Item(
            label=str(response.customer or response.order or ""),
            detail="、".join(f"{flag.answer.question.name} {flag.answer.score:.0f}" for flag in of_one[:2])
            + (" …" if len(of_one) > 2 else ""),
            url=reverse("satisfaction:flag", args=[of_one[0].pk]),
            tone="danger",
        )
        for response, of_one in islice(((one, list(rows)) for one, rows in of_response), SHOWN)
    ]
    return Card(
        title=_("Bad answers to deal with"),
        items=items,
        url=reverse("satisfaction:flags"),
        count=displeased.count,
        tone="danger",
    )


@among(lambda staff, at: queries.plans_for(staff, is_open=True).filter(owner=staff).order_by("due_on", "pk"))
def plans_card(staff, at, own) -> Card | None:
    """Improvement plans this person answers for."""
    today, plans = timezone.localdate(at), own.first()
    return Card(
        title=_("My improvement plans"),
        items=[
            Item(
                label=f"{plan.period} {plan.factor_name}",
                detail=f"{plan.due_on:%m-%d}",
                url=reverse("satisfaction:plan", args=[plan.pk]),
                tone="danger" if plan.due_on < today else "neutral",
            )
            for plan in plans
        ],
        url=reverse("satisfaction:plans"),
        count=own.count,
        tone="danger" if plans[0].due_on < today else "info",
    )


def _answers_of_last_month(staff, at):
    """Without answers there are no weaknesses."""
    if staff.store is None:
        return None
    return queries.Scope(staff.store, Period.of(timezone.localdate(at)).previous()).responses()


@among(if_any=_answers_of_last_month)
def plans_owed_card(staff, at) -> Card | None:
    """Last month's weaknesses that have no plan yet, until they have; owed by the 10th."""
    today = timezone.localdate(at)
    period = Period.of(today).previous()
    owed = queries.PlansOwed(staff.store, period).weaknesses
    if not owed:
        return None
    is_late = queries.plans_owed_by(staff.store, period) < today
    return Card(
        title=_("Plans owed for %(period)s") % {"period": period},
        items=[
            Item(
                label=f"{one.row.question.code} {one.row.question.name}",
                detail=f"{one.row.now.mean:.2f} n={one.row.now.n}",
                url=reverse("satisfaction:plan_new", args=[period, one.row.question.code]),
                tone="danger" if is_late else "warning",
            )
            for one in owed[:SHOWN]
        ],
        url=reverse("satisfaction:plans_owed"),
        count=len(owed),
        tone="danger" if is_late else "warning",
    )
