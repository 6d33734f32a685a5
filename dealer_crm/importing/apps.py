from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ImportingConfig(AppConfig):
    name = "dealer_crm.importing"
    verbose_name = _("Import")

    def ready(self):
        from dealer_crm.access.permissions import Permission
        from dealer_crm.importing.sheets import registered_sheets
        from dealer_crm.journal import verbs
        from dealer_crm.ui import navigation
        from dealer_crm.ui.navigation import Entry, Group

        # Every app declares its sheets in its own resources.py.
        autodiscover_modules("resources")
        nouns = [resource.noun for resource in registered_sheets()]
        verbs.register(
            {
                "import.brought": _("Workbook brought"),
                "import.confirmed": _("Import confirmed"),
                "import.written": _("Workbook imported"),
                "import.dropped": _("Import dropped"),
                **{f"{noun}.imported": _("Imported from a workbook") for noun in nouns},
                **{f"{noun}.changed_by_import": _("Changed by a workbook") for noun in nouns},
            }
        )
        navigation.register(
            Entry(
                _("Import"), "importing:runs", Permission.WORKBOOK_IMPORT, icon="upload", group=Group.SYSTEM, order=30
            ),
        )
