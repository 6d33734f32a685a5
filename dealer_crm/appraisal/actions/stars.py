"""Choosing stars: people do, with the reason; figures only propose. Source: spec `commission.md` (Stars)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from dealer_crm.appraisal.choices import StarKind
from dealer_crm.appraisal.models import Star
from dealer_crm.appraisal.queries.stars import candidates
from dealer_crm.journal import actions as journal
from dealer_crm.notices.actions import notify
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period, Quarter, Refusal


@transaction.atomic
def choose_star(
    *, store: Store, span: Period | Quarter, staff: Staff, reason: str, by: Staff, at: datetime
) -> Star:  # fmt: skip
    """Choose somebody for a month or quarter that is over; the figures beside the choice are kept with it."""
    kind = StarKind.QUARTER if isinstance(span, Quarter) else StarKind.MONTH
    if not reason.strip():
        raise Refusal(_("Say what for; the team wants to know."), field="reason", code="reason_missing")
    if span.last_day >= at.astimezone(store.tz).date():
        raise Refusal(_("Stars are chosen when the time is over."), code="not_over")
    if staff.pk == by.pk:
        raise Refusal(_("Nobody chooses themselves."), field="staff", code="oneself")
    found = next(
        ((group.trade, one) for group in candidates(store, span, at=at) for one in group.rows if one.person == staff),
        None,
    )
    if found is None:
        raise Refusal(
            _("%(person)s belongs to no group stars are chosen from.") % {"person": staff}, field="staff",
            code="no_group",
        )  # fmt: skip
    trade, row = found
    try:
        with transaction.atomic():
            star = Star.objects.create(
                store=store, kind=kind, period=str(span), trade=trade, staff=staff, reason=reason.strip()[:300],
                place=row.place, was_proposed=row.is_proposed, figures=row.told(), chosen_by=by, chosen_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal(_("%(person)s was chosen already.") % {"person": staff}, field="staff", code="chosen") from error
    journal.record(
        by=by, at=at, verb="star.chosen", subject=star, store=store, note=f"{staff} {span}: {star.reason}"[:200]
    )
    notify(
        recipients=[staff], key=f"star:{star.pk}", url=reverse("appraisal:stars"), at=at,
        text=_("%(star)s %(period)s: congratulations! %(reason)s")
        % {"star": star.get_kind_display(), "period": span, "reason": star.reason},
    )  # fmt: skip
    return star


@transaction.atomic
def take_star_back(*, star: Star, reason: str, by: Staff, at: datetime) -> None:
    """A choice made by mistake."""
    if not reason.strip():
        raise Refusal(_("Say why it is taken back."), field="reason", code="reason_missing")
    journal.record(
        by=by,
        at=at,
        verb="star.taken_back",
        subject=star,
        store=star.store,
        note=f"{star.staff}: {reason.strip()}"[:200],
    )
    star.delete()
