"""What the first page says of rounds, findings and trainings."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.appraisal.queries import site, training
from dealer_crm.ui.home import Card, Item

SHOWN = 5


def my_rounds_card(staff) -> Card | None:
    """For who walks rounds: what is to be walked by today, and what others say is put right."""
    if staff.store is None:
        return None
    today = timezone.now().astimezone(staff.store.tz).date()
    rounds, findings = list(site.rounds_to_walk(staff, today)), list(site.findings_to_look_at(staff))
    items = [
        Item(
            str(one.list), f"{one.planned_on:%m-%d}", reverse("appraisal:round", args=[one.pk]),
            "danger" if one.planned_on < today else "info",
        )
        for one in rounds[:SHOWN]
    ]  # fmt: skip
    items += [
        Item(
            _("Look at it: %(what)s") % {"what": one.what}, one.owner.name, reverse("appraisal:finding", args=[one.pk]),
            "warning",
        )
        for one in findings[:SHOWN]
    ]  # fmt: skip
    url, count = reverse("appraisal:rounds"), len(rounds) + len(findings)
    return Card(_("Rounds to walk"), items, url, count, "warning" if count else "success")


def my_findings_card(staff) -> Card | None:
    """For everybody: what one has to put right; nothing when there is nothing."""
    if staff.store is None:
        return None
    today = timezone.now().astimezone(staff.store.tz).date()
    found = list(site.findings_to_remedy(staff))
    items = [
        Item(
            one.what, f"{one.due_on:%m-%d}", reverse("appraisal:finding", args=[one.pk]),
            "danger" if one.due_on < today else "warning",
        )
        for one in found[:SHOWN]
    ]  # fmt: skip
    url = f"{reverse('appraisal:findings')}?view=mine"
    return Card(_("To put right on the site"), items, url, len(found), "warning") if found else None


def my_trainings_card(staff) -> Card | None:
    """What one is invited to; for who plans trainings, what is to be noted."""
    if staff.store is None:
        return None
    now = timezone.now()
    ahead = list(training.trainings_ahead(staff, now)[:SHOWN])
    owed = list(training.trainings_to_note(staff, now)[:SHOWN]) if staff.can(Permission.TRAINING_CHANGE) else []
    items = [
        Item(
            _("Note who was there: %(training)s") % {"training": one}, _moment(staff, one),
            reverse("appraisal:training", args=[one.pk]), "warning",
        )
        for one in owed
    ]  # fmt: skip
    items += [
        Item(str(one), _moment(staff, one), reverse("appraisal:training", args=[one.pk]), "info") for one in ahead
    ]
    if not items:
        return None
    return Card(_("Training"), items, reverse("appraisal:trainings"), len(items), "warning" if owed else "info")


def _moment(staff, one) -> str:
    return f"{one.starts_at.astimezone(staff.store.tz):%m-%d %H:%M}"
