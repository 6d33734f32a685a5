from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "dealer_crm.journal"
    verbose_name = _("Journal")

    def ready(self):
        from dealer_crm.journal import receivers, verbs  # noqa: F401 - receivers connects

        verbs.register(
            {
                "database.inserted": _("Entered in the database itself"),
                "database.updated": _("Changed in the database itself"),
                "database.deleted": _("Deleted in the database itself"),
            }
        )
