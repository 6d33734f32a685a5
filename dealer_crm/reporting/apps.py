from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "dealer_crm.reporting"
    verbose_name = _("Reports")

    def ready(self):
        # Every app registers its reports in its own reports.py.
        autodiscover_modules("reports")
