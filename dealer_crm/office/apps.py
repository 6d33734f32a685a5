from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    name = "dealer_crm.office"
    verbose_name = _("Office")
