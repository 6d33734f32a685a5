from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KpiConfig(AppConfig):
    name = "dealer_crm.kpi"
    verbose_name = _("Targets and figures")

    def ready(self):
        from dealer_crm.access.permissions import Permission
        from dealer_crm.journal import guards, verbs
        from dealer_crm.kpi import reports, settings, views  # noqa: F401 - registers its report and figures
        from dealer_crm.ui import home, navigation
        from dealer_crm.ui.navigation import Entry, Group

        navigation.register(
            Entry(_("Figures of the month"), "kpi:dashboard", Permission.KPI_VIEW, "chart-bar", Group.KPI, 10),
            Entry(_("Stores compared"), "kpi:stores", Permission.KPI_VIEW, "building-store", Group.KPI, 15),
            Entry(_("Targets"), "kpi:targets", Permission.TARGET_VIEW, "target", Group.KPI, 20),
            Entry(_("Targets of the year"), "kpi:target_grid", Permission.TARGET_VIEW, "table", Group.KPI, 25),
            Entry(_("Goal meetings"), "kpi:meetings", Permission.MEETING_VIEW, "users-group", Group.KPI, 40),
            Entry(
                _("Agreed in goal meetings"), "kpi:follow_ups", Permission.MEETING_TASK_OWN, "checklist", Group.KPI, 50
            ),
            Entry(_("My targets"), "kpi:own_targets", Permission.TARGET_SIGN, "signature", Group.KPI, 30),
        )
        home.register(views.own_targets_card, permission=Permission.TARGET_SIGN, order=5)
        home.register(views.follow_ups_card, permission=Permission.MEETING_TASK_OWN, order=46)
        home.register(views.unsigned_card, permission=Permission.TARGET_CHANGE, order=45)
        home.register(views.stores_card, permission=Permission.KPI_VIEW, order=48)
        guards.keep_business(Permission.TARGET_VIEW, "kpi")
        verbs.register(
            {
                "target.set": _("Target set"),
                "target.withdrawn": _("Target withdrawn"),
                "target.signed": _("Target signed"),
                "goal_meeting.opened": _("Goal meeting prepared"),
                "goal_meeting.refreshed": _("Figures of the goal meeting taken anew"),
                "goal_meeting.written": _("Goal meeting written"),
                "goal_meeting.held": _("Goal meeting held"),
                "goal_line.done": _("Matter of the goal meeting done"),
                "goal_line.postponed": _("Matter of the goal meeting postponed"),
            }
        )
