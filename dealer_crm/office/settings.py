"""The dated figures of the office."""

from django.utils.translation import gettext_lazy as _

from dealer_crm.values import Figure

CALENDAR_WEEKS_AHEAD = Figure(
    "office.calendar_weeks_ahead",
    8,
    _("Weeks before New Year in which the next year's calendar must be there"),
    _("weeks"),
    "callback.md, calendar",
)
