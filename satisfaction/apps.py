from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SatisfactionConfig(AppConfig):
    name = "satisfaction"
    verbose_name = _("Satisfaction")

    def ready(self):
        from dealer_crm.access.permissions import Permission
        from dealer_crm.journal import guards, verbs
        from dealer_crm.ui import home, navigation
        from dealer_crm.ui.navigation import Entry, Group
        from satisfaction import receivers, settings  # noqa: F401  (settings declares its figures)
        from satisfaction.choices import CHANGES, VERBS
        from satisfaction.management import bring_shipped_questionnaires
        from satisfaction.views import cards

        post_migrate.connect(bring_shipped_questionnaires, sender=self)
        group = Group.SATISFACTION
        navigation.register(
            Entry(
                _("Index of the month"),
                "satisfaction:month",
                Permission.SATISFACTION_VIEW,
                icon="star",
                group=group,
                order=10,
            ),
            Entry(
                _("Satisfaction analysis"),
                "satisfaction:analysis",
                Permission.SATISFACTION_VIEW,
                icon="chart-bar",
                group=group,
                order=12,
            ),
            Entry(_("My guess"), "satisfaction:guess", Permission.GUESS_CREATE, icon="bulb", group=group, order=14),
            Entry(
                _("Factor targets"),
                "satisfaction:targets",
                Permission.SATISFACTION_VIEW,
                icon="target",
                group=group,
                order=16,
            ),
            Entry(
                _("Responses"),
                "satisfaction:responses",
                Permission.SATISFACTION_VIEW,
                icon="list-details",
                group=group,
                order=20,
            ),
            Entry(
                _("Bad answers"),
                "satisfaction:flags",
                Permission.FLAG_DEAL,
                icon="alert-triangle",
                group=group,
                order=30,
            ),
            Entry(
                _("Improvement plans"),
                "satisfaction:plans",
                Permission.IMPROVEMENT_VIEW_OWN,
                icon="refresh",
                group=group,
                order=40,
            ),
            Entry(
                _("Service blueprint"),
                "satisfaction:blueprint",
                Permission.SATISFACTION_VIEW,
                icon="route",
                group=group,
                order=45,
            ),
            Entry(
                _("Questionnaires"),
                "satisfaction:questionnaires",
                Permission.QUESTIONNAIRE_VIEW,
                icon="clipboard-list",
                group=group,
                order=50,
            ),
            Entry(
                _("Take answers down"),
                "satisfaction:take_down",
                Permission.CALL_TAKE,
                icon="pencil-plus",
                group=group,
                order=25,
            ),
            Entry(
                _("Factory comparison"),
                "satisfaction:factory",
                Permission.SATISFACTION_VIEW,
                icon="building-factory-2",
                group=group,
                order=60,
            ),
            Entry(
                _("Staff satisfaction"),
                "satisfaction:staff_round",
                Permission.SATISFACTION_VIEW,
                icon="users",
                group=group,
                order=70,
            ),
            Entry(
                _("Staff survey"),
                "satisfaction:staff_survey",
                Permission.STAFF_SURVEY_ANSWER,
                icon="mood-smile",
                group=group,
                order=75,
            ),
        )
        home.register(cards.flags_card, permission=Permission.FLAG_VIEW_OWN, order=40)
        home.register(cards.plans_owed_card, permission=Permission.IMPROVEMENT_CHANGE, order=50)
        home.register(cards.plans_card, permission=Permission.IMPROVEMENT_VIEW_OWN, order=60)
        guards.keep_business(Permission.SATISFACTION_VIEW, "satisfaction")
        verbs.register(VERBS)
        verbs.register_names(CHANGES)
