from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SatisfactionConfig(AppConfig):
    name = "satisfaction"
    verbose_name = _("Satisfaction")

    def ready(self):
        from satisfaction import settings  # noqa: F401  (declares its figures)
        from satisfaction.management import bring_shipped_questionnaires

        post_migrate.connect(bring_shipped_questionnaires, sender=self)
