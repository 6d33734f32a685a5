from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KpiConfig(AppConfig):
    name = "dealer_crm.kpi"
    verbose_name = _("Targets and figures")
