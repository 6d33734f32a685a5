from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SatisfactionConfig(AppConfig):
    name = "satisfaction"
    verbose_name = _("Satisfaction")

    def ready(self):
        from satisfaction import receivers, settings  # noqa: F401  (declares its figures)

        post_migrate.connect(receivers.shipped_questionnaires_wanted, sender=self)
