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
        from dealer_crm.journal import guards, verbs
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
            Entry(
                _("Goodwill of the month"),
                "complaints:goodwill",
                Permission.GOODWILL_VIEW,
                icon="coin",
                group=group,
                order=40,
            ),
            Entry(
                _("Appeals about complaints"),
                "complaints:appeals",
                Permission.APPEAL_DECIDE,
                icon="user-exclamation",
                group=group,
                order=50,
            ),
            Entry(
                _("Knowledge base"),
                "complaints:knowledge",
                Permission.KNOWLEDGE_VIEW,
                icon="bulb",
                group=group,
                order=60,
            ),
            Entry(
                _("Files of closed cases"),
                "complaints:filing",
                Permission.COMPLAINT_FILE,
                icon="inbox",
                group=group,
                order=70,
            ),
            Entry(
                _("Complaints about me"),
                "complaints:about_me",
                Permission.APPEAL_CREATE,
                icon="user-check",
                group=group,
                order=80,
            ),
            Entry(
                _("Public form"),
                "complaints:poster",
                Permission.COMPLAINT_CREATE,
                icon="qrcode",
                group=group,
                order=90,
            ),
            Entry(
                _("Clocks and words"),
                "complaints:rules",
                Permission.COMPLAINT_ADVISE,
                icon="clock",
                group=group,
                order=100,
            ),
        )
        home.register(cards.judging_card, permission=Permission.GOODWILL_APPROVE, order=12)
        home.register(cards.waiting_card, permission=Permission.COMPLAINT_VIEW_OWN, order=10)
        search.register(
            cards.search_complaints, title=_("Complaints"), permission=Permission.COMPLAINT_VIEW_OWN, order=50
        )
        guards.keep_business(Permission.COMPLAINT_VIEW, "complaints")
        verbs.register(VERBS)
