from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ImportingConfig(AppConfig):
    name = "dealer_crm.importing"
    verbose_name = _("Import")

    def ready(self):
        # Every app declares its sheets in its own resources.py.
        autodiscover_modules("resources")
