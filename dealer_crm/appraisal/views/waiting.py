"""What waits, on the first page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from dealer_crm.appraisal import queries
from dealer_crm.ui import home


def own_sheet_card(staff):
    """One's own sheets that wait for the self-score."""
    rows = list(queries.own_to_score(staff))
    if not rows:
        return None
    items = [
        home.Item(
            sheet.period,
            _("self-score by %(until)s") % {"until": f"{queries.self_score_until(sheet):%m-%d}"},
            reverse("appraisal:own_sheet", args=[sheet.pk]),
        )
        for sheet in rows[:5]
    ]
    return home.Card(_("My score sheet"), items, reverse("appraisal:own"), len(rows), "warning")


def entry_card(staff):
    """Sheets on which this person enters points."""
    return _card(_("Points to enter"), list(queries.sheets_to_enter(staff)))


def review_card(staff):
    """Sheets that wait for this person's final review."""
    return _card(_("Score sheets to review"), queries.sheets_to_review(staff))


def sheet_appeals_card(staff):
    """Appeals against score sheets that this person answers."""
    rows = queries.appeals_to_decide(staff)
    if not rows:
        return None
    items = [
        home.Item(f"{one.staff.name} {one.sheet.period}", "", reverse("appraisal:appeal", args=[one.pk]))
        for one in rows[:5]
    ]
    return home.Card(_("Appeals against score sheets"), items, reverse("appraisal:appeals"), len(rows), "warning")


def _card(title, rows):
    if not rows:
        return None
    items = [
        home.Item(sheet.staff.name, sheet.period, reverse("appraisal:sheet", args=[sheet.pk])) for sheet in rows[:5]
    ]
    url = f"{reverse('appraisal:sheets')}?period={rows[0].period}&state={rows[0].state}"
    return home.Card(title, items, url, len(rows), "warning")
