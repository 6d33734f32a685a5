from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "dealer_crm.files"
    verbose_name = _("Files")

    def ready(self):
        from dealer_crm.files import settings as _figures  # noqa: F401 - declares the dated figures
        from dealer_crm.files.choices import DEEDS
        from dealer_crm.journal import verbs

        verbs.register(DEEDS)
