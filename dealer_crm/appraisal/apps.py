from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppraisalConfig(AppConfig):
    name = "dealer_crm.appraisal"
    verbose_name = _("Appraisal")

    def ready(self):
        from dealer_crm.access.permissions import Permission
        from dealer_crm.journal import verbs
        from dealer_crm.ui import navigation
        from dealer_crm.ui.navigation import Entry, Group

        navigation.register(
            Entry(_("Appraisal scores"), "appraisal:scores", Permission.SCORE_CHANGE, "star", Group.COMMISSION, 40),
        )
        verbs.register({"score.set": _("Appraisal score entered")})
