from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "complaints"
    verbose_name = _("Complaints")

    def ready(self):
        from complaints import receivers, settings  # noqa: F401  (settings declares its figures)
        from complaints.choices import VERBS
        from complaints.management import bring_shipped_topics
        from complaints.views import cards
        from dealer_crm.access.permissions import Permission
        from dealer_crm.importing.events import workbook_imported
        from dealer_crm.journal import verbs
        from dealer_crm.ui import home, navigation, search
        from dealer_crm.ui.navigation import Entry, Group

        post_migrate.connect(bring_shipped_topics, sender=self)
        workbook_imported.connect(receivers.complaints_imported, dispatch_uid="complaints.imported")
        group = Group.COMPLAINTS
        navigation.register(
            Entry(
                _("What waits for me"),
                "complaints:queue",
                Permission.COMPLAINT_VIEW_OWN,
                icon="message-report",
                group=group,
                order=10,
            ),
            Entry(
                _("All complaints"),
                "complaints:list",
                Permission.COMPLAINT_VIEW,
                icon="list-details",
                group=group,
                order=20,
            ),
            Entry(
                _("Complaints of the month"),
                "complaints:month",
                Permission.COMPLAINT_COUNT_VIEW,
                icon="chart-bar",
                group=group,
                order=30,
            ),
        )
        home.register(cards.waiting_card, permission=Permission.COMPLAINT_VIEW_OWN, order=10)
        search.register(
            cards.search_complaints, title=_("Complaints"), permission=Permission.COMPLAINT_VIEW_OWN, order=50
        )
        verbs.register(VERBS)
