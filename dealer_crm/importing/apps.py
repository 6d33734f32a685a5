from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ImportingConfig(AppConfig):
    name = "dealer_crm.importing"
    verbose_name = _("Import")

    def ready(self):
        from dealer_crm.access.permissions import Permission
        from dealer_crm.importing import settings as _figures  # noqa: F401 - declares the dated figures
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
                "import.undone": _("Import taken back"),
                "import_source.assigned": _("Columns of a source assigned"),
                "import_source.renamed": _("Source of files renamed"),
                "import_source.removed": _("Source of files removed"),
                **{f"{noun}.imported": _("Imported from a workbook") for noun in nouns},
                **{f"{noun}.changed_by_import": _("Changed by a workbook") for noun in nouns},
                **{f"{noun}.import_undone": _("Set back with its import") for noun in nouns},
            }
        )
        navigation.register(
            Entry(
                _("Import"), "importing:runs", Permission.WORKBOOK_IMPORT, icon="upload", group=Group.SYSTEM, order=30
            ),
        )
