from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    name = "dealer_crm.channels"
    verbose_name = _("Messages")

    def ready(self):
        from dealer_crm.channels import receivers as _ears  # noqa: F401 - hears that a message was ordered
        from dealer_crm.channels import settings as _figures  # noqa: F401 - declares the dated figures
        from dealer_crm.channels.choices import DEEDS
        from dealer_crm.journal import verbs

        verbs.register(DEEDS)
