"""What the first page says of rounds, findings and trainings."""

from django.urls import reverse
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.appraisal.queries import site, training
from dealer_crm.ui.home import SHOWN, Card, Item, among


def _today(staff, at):
    return at.astimezone(staff.store.tz).date()


@among(
    lambda staff, at: site.findings_to_look_at(staff) if staff.store else None,
    if_any=lambda staff, at: site.rounds_planned(staff, _today(staff, at)) if staff.store else None,
)
def my_rounds_card(staff, at, findings) -> Card | None:
    """For who walks rounds: what is to be walked by today, and what others say is put right."""
    today = _today(staff, at)
    rounds = list(site.rounds_to_walk(staff, today))
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
        for one in findings.first()
    ]  # fmt: skip
    return Card(_("Rounds to walk"), items, reverse("appraisal:rounds"), len(rounds) + findings.count, "warning")


@among(lambda staff, at: site.findings_to_remedy(staff) if staff.store else None)
def my_findings_card(staff, at, findings) -> Card | None:
    """For everybody: what one has to put right."""
    today = _today(staff, at)
    items = [
        Item(
            one.what, f"{one.due_on:%m-%d}", reverse("appraisal:finding", args=[one.pk]),
            "danger" if one.due_on < today else "warning",
        )
        for one in findings.first()
    ]  # fmt: skip
    url = f"{reverse('appraisal:findings')}?view=mine"
    return Card(_("To put right on the site"), items, url, findings.count, "warning")


def _to_note(staff, at):
    may = staff.store is not None and staff.can(Permission.TRAINING_CHANGE)
    return training.trainings_to_note(staff, at) if may else None


@among(lambda staff, at: training.trainings_ahead(staff, at) if staff.store else None, _to_note)
def my_trainings_card(staff, at, ahead, owed) -> Card | None:
    """What one is invited to; for who plans trainings, what is to be noted."""
    items = [
        Item(
            _("Note who was there: %(training)s") % {"training": one}, _moment(staff, one),
            reverse("appraisal:training", args=[one.pk]), "warning",
        )
        for one in owed.first()
    ]  # fmt: skip
    items += [
        Item(str(one), _moment(staff, one), reverse("appraisal:training", args=[one.pk]), "info")
        for one in ahead.first()
    ]
    tone = "warning" if owed.count else "info"
    return Card(_("Training"), items, reverse("appraisal:trainings"), ahead.count + owed.count, tone)


def _moment(staff, one) -> str:
    return f"{one.starts_at.astimezone(staff.store.tz):%m-%d %H:%M}"
