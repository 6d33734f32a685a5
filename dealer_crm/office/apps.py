from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    name = "dealer_crm.office"
    verbose_name = _("Office")

    def ready(self):
        from dealer_crm.access.permissions import Permission
        from dealer_crm.journal import verbs
        from dealer_crm.office import settings  # noqa: F401  (registers the figures)
        from dealer_crm.office.choices import VERBS
        from dealer_crm.ui import navigation
        from dealer_crm.ui.navigation import Entry, Group

        system = Group.SYSTEM
        navigation.register(
            Entry(_("Staff"), "office:staff", Permission.STAFF_VIEW, icon="users", group=system, order=10),
            Entry(
                _("Stores and teams"),
                "office:stores",
                Permission.STAFF_VIEW,
                icon="building-store",
                group=system,
                order=20,
            ),
            Entry(
                _("Figures"),
                "office:figures",
                Permission.FIGURE_VIEW,
                icon="adjustments",
                group=system,
                order=30,
            ),
            Entry(
                _("Working calendar"),
                "office:calendar",
                Permission.CALENDAR_VIEW,
                icon="calendar",
                group=system,
                order=40,
            ),
            Entry(_("Journal"), "office:journal", Permission.JOURNAL_VIEW, icon="history", group=system, order=50),
        )
        verbs.register(VERBS)
