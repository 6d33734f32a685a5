"""What waits, on the first page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from dealer_crm.appraisal import queries
from dealer_crm.ui import home


@home.among(lambda staff, at: queries.own_to_score(staff))
def own_sheet_card(staff, at, sheets):
    """One's own sheets that wait for the self-score."""
    items = [
        home.Item(
            sheet.period,
            _("self-score by %(until)s") % {"until": f"{queries.self_score_until(sheet):%m-%d}"},
            reverse("appraisal:own_sheet", args=[sheet.pk]),
        )
        for sheet in sheets.first()
    ]
    return home.Card(_("My score sheet"), items, reverse("appraisal:own"), sheets.count, "warning")


@home.among(lambda staff, at: queries.sheets_to_enter(staff))
def entry_card(staff, at, sheets):
    """Sheets on which this person enters points."""
    return _card(_("Points to enter"), sheets.first(), sheets.count)


@home.among(lambda staff, at: queries.sheets_of_others_in_review(staff))
def review_card(staff, at, sheets):
    """Sheets that wait for this person's final review."""
    rows = queries.sheets_to_review(staff, sheets.all())
    return _card(_("Score sheets to review"), rows, len(rows)) if rows else None


@home.among(lambda staff, at: queries.appeals_for(staff).undecided().order_by("appealed_at"))
def sheet_appeals_card(staff, at, appeals):
    """Appeals against score sheets that this person answers."""
    rows = queries.appeals_to_decide(staff, appeals.all())
    items = [
        home.Item(f"{one.staff.name} {one.sheet.period}", "", reverse("appraisal:appeal", args=[one.pk]))
        for one in rows[: home.SHOWN]
    ]
    return home.Card(_("Appeals against score sheets"), items, reverse("appraisal:appeals"), len(rows), "warning")


def _card(title, rows, count):
    items = [
        home.Item(sheet.staff.name, sheet.period, reverse("appraisal:sheet", args=[sheet.pk]))
        for sheet in rows[: home.SHOWN]
    ]
    url = f"{reverse('appraisal:sheets')}?period={rows[0].period}&state={rows[0].state}"
    return home.Card(title, items, url, count, "warning")
