from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkshopConfig(AppConfig):
    name = "workshop"
    verbose_name = _("Workshop")

    def ready(self):
        from dealer_crm.access.permissions import Permission
        from dealer_crm.journal import guards, verbs
        from dealer_crm.ui import home, navigation
        from dealer_crm.ui.navigation import Entry, Group
        from reception.queries import ask_what_is_missing, tell_of
        from workshop import queries, receivers, settings  # noqa: F401  (hears the reception, registers the figures)
        from workshop.choices import TOLD_BY, VERBS
        from workshop.models import ComebackDecision
        from workshop.views import cards

        shop = Group.WORKSHOP
        navigation.register(
            Entry(_("My jobs"), "workshop:my_jobs", Permission.JOB_WORK, icon="tool", group=shop, order=10),
            Entry(
                _("Dispatch"), "workshop:dispatch", Permission.JOB_DISPATCH, icon="users-group", group=shop, order=20
            ),
            Entry(
                _("Progress board"),
                "workshop:board",
                Permission.BOARD_VIEW,
                icon="layout-columns",
                group=shop,
                order=30,
            ),
            Entry(
                _("Inspection"),
                "workshop:inspections",
                Permission.INSPECTION_CREATE,
                icon="clipboard-check",
                group=shop,
                order=40,
            ),
            Entry(
                _("Comebacks"), "workshop:comebacks", Permission.COMEBACK_DECIDE, icon="repeat", group=shop, order=50
            ),
            Entry(
                _("Internal reworks"),
                "workshop:reworks",
                Permission.JOB_VIEW,
                icon="arrow-back-up",
                group=shop,
                order=45,
            ),
            Entry(
                _("Check-lists"),
                "workshop:check_lists",
                Permission.WORKSHOP_CHANGE,
                icon="list-check",
                group=shop,
                order=96,
            ),
            Entry(
                _("Consumables issued"),
                "workshop:consumables",
                Permission.CONSUMABLE_CHANGE,
                icon="bottle",
                group=shop,
                order=60,
            ),
            Entry(
                _("Hour deductions"),
                "workshop:deductions",
                Permission.DEDUCTION_CHANGE,
                icon="clock-minus",
                group=shop,
                order=70,
            ),
            Entry(
                _("Deductions to approve"),
                "workshop:deduction_approvals",
                Permission.DEDUCTION_APPROVE,
                icon="clock-check",
                group=shop,
                order=80,
            ),
            Entry(
                _("Forgotten clocks"),
                "workshop:clocks",
                Permission.JOB_DISPATCH,
                icon="clock-off",
                group=shop,
                order=90,
            ),
            Entry(
                _("Operations catalogue"),
                "workshop:operations",
                Permission.ORDER_VIEW,
                icon="list-details",
                group=shop,
                order=92,
            ),
            Entry(
                _("Workshop measures"),
                "workshop:measures",
                Permission.WORKSHOP_MEASURE_VIEW,
                icon="gauge",
                group=shop,
                order=92,
            ),
            Entry(
                _("Shifts"), "workshop:shifts", Permission.WORKSHOP_CHANGE, icon="calendar-time", group=shop, order=93
            ),
            Entry(
                _("Attendance"),
                "workshop:attendance",
                Permission.WORKSHOP_CHANGE,
                icon="user-check",
                group=shop,
                order=94,
            ),
            Entry(_("Bays"), "workshop:bays", Permission.WORKSHOP_CHANGE, icon="parking", group=shop, order=95),
            Entry(_("Skills"), "workshop:skills", Permission.WORKSHOP_CHANGE, icon="certificate", group=shop, order=96),
            Entry(
                _("Tools and equipment"), "workshop:tools", Permission.TOOL_REPORT, icon="tools", group=shop, order=97
            ),
        )
        home.register(cards.my_jobs_card, permission=Permission.JOB_WORK, order=10)
        home.register(cards.dispatch_card, permission=Permission.JOB_DISPATCH, order=10)
        home.register(cards.late_card, permission=Permission.JOB_DISPATCH, order=15)
        home.register(cards.team_check_card, permission=Permission.JOB_WORK, order=12)
        home.register(cards.clock_card, permission=Permission.JOB_DISPATCH, order=30)
        home.register(cards.tools_card, permission=Permission.WORKSHOP_CHANGE, order=45)
        home.register(cards.inspection_card, permission=Permission.INSPECTION_CREATE, order=10)
        home.register(cards.comeback_card, permission=Permission.COMEBACK_DECIDE, order=20)
        home.register(cards.deduction_card, permission=Permission.DEDUCTION_APPROVE, order=40)
        guards.keep_business(Permission.JOB_VIEW, "workshop")
        verbs.register(VERBS)
        verbs.register_fields(ComebackDecision)
        ask_what_is_missing(queries.what_is_missing)
        tell_of(lambda order: order.jobs.all(), instead_of=TOLD_BY)
