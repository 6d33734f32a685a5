from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReceptionConfig(AppConfig):
    name = "reception"
    verbose_name = _("Reception")

    def ready(self):
        from dealer_crm.access.permissions import Permission
        from dealer_crm.channels import consent
        from dealer_crm.journal import guards, verbs
        from dealer_crm.ui import home, navigation, search
        from dealer_crm.ui.navigation import Entry, Group
        from reception import receivers as _ears  # noqa: F401 - hears that a workbook came in
        from reception import settings as _figures  # noqa: F401 - declares the dated figures
        from reception.choices import CHANGES, DEEDS
        from reception.queries import texts_refused_by
        from reception.views import appointments, changes, parts, today

        consent.register(texts_refused_by)
        verbs.register(DEEDS)
        verbs.register_names(CHANGES)
        desk = Group.RECEPTION
        navigation.register(
            Entry(_("Today"), "reception:today", Permission.ORDER_VIEW, icon="layout-kanban", group=desk, order=10),
            Entry(
                _("Appointments"),
                "reception:appointments",
                Permission.APPOINTMENT_VIEW,
                icon="calendar-event",
                group=desk,
                order=15,
            ),
            Entry(_("Intake"), "reception:intake", Permission.ORDER_CREATE, icon="car", group=desk, order=20),
            Entry(
                _("Repair orders"),
                "reception:orders",
                Permission.ORDER_VIEW,
                icon="clipboard-list",
                group=desk,
                order=30,
            ),
            Entry(
                _("Repair suggestions"),
                "reception:suggestions",
                Permission.VEHICLE_VIEW,
                icon="bulb",
                group=desk,
                order=35,
            ),
            Entry(
                _("Delays to check"),
                "reception:delays",
                Permission.DELAY_CHECK,
                icon="clock-search",
                group=desk,
                order=37,
            ),
            Entry(_("Customers"), "reception:customers", Permission.CUSTOMER_VIEW, icon="users", group=desk, order=40),
            Entry(
                _("Vehicles"),
                "reception:vehicles",
                Permission.VEHICLE_VIEW,
                icon="steering-wheel",
                group=desk,
                order=50,
            ),
            Entry(
                _("Changes of the archive"),
                "reception:changes",
                Permission.CUSTOMER_CHANGE,
                icon="user-edit",
                group=desk,
                order=52,
            ),
            Entry(
                _("Service agreements"),
                "reception:agreements",
                Permission.AGREEMENT_VIEW,
                icon="file-certificate",
                group=desk,
                order=52,
            ),
            Entry(_("Segments"), "reception:segments", Permission.SEGMENT_VIEW, icon="chart-pie", group=desk, order=54),
            Entry(
                _("Data quality"), "reception:flaws", Permission.CUSTOMER_CHANGE, icon="eraser", group=desk, order=54
            ),
            Entry(
                _("Wrong entries by person"),
                "reception:flaw_people",
                Permission.REPORT_VIEW,
                icon="user-exclamation",
                group=desk,
                order=56,
            ),
            Entry(
                _("Parts catalogue"),
                "reception:parts",
                Permission.ORDER_VIEW,
                icon="packages",
                group=Group.WORKSHOP,
                order=93,
            ),
            Entry(
                _("Cashier's desk"),
                "reception:cashier",
                Permission.SETTLEMENT_VIEW,
                icon="cash-register",
                group=desk,
                order=60,
            ),
            Entry(
                _("Accident cars"),
                "reception:accidents",
                Permission.ASSESSMENT_CHANGE,
                icon="car-crash",
                group=desk,
                order=65,
            ),
            Entry(_("Receipts"), "reception:receipts", Permission.RECEIPT_VIEW, icon="receipt-2", group=desk, order=65),
            Entry(
                _("Receivables"),
                "reception:receivables",
                Permission.RECEIVABLE_VIEW,
                icon="receipt",
                group=desk,
                order=70,
            ),
        )
        search.register(
            appointments.find_appointments, title=_("Appointments"), permission=Permission.APPOINTMENT_VIEW, order=5
        )
        search.register(today.find_vehicles, title=_("Vehicles"), permission=Permission.VEHICLE_VIEW, order=10)
        search.register(today.find_customers, title=_("Customers"), permission=Permission.CUSTOMER_VIEW, order=20)
        search.register(today.find_orders, title=_("Repair orders"), permission=Permission.ORDER_VIEW, order=30)
        guards.keep_business(Permission.ORDER_VIEW, "reception")
        guards.keep(Permission.COST_VIEW, "unit_cost", "costs", "order_line.cost_set")
        home.register(appointments.appointments_card, permission=Permission.APPOINTMENT_CHANGE, order=12)
        home.register(changes.changes_card, permission=Permission.CUSTOMER_APPROVE, order=12)
        home.register(today.my_cars_card, permission=Permission.ORDER_CREATE, order=10)
        home.register(today.add_ons_card, permission=Permission.ADD_ON_ANSWER, order=5)
        home.register(parts.uncosted_card, permission=Permission.COST_CHANGE, order=60)
        home.register(today.delays_card, permission=Permission.DELAY_CHECK, order=50)
        home.register(today.to_settle_card, permission=Permission.SETTLEMENT_CREATE, order=10)
        home.register(today.reversals_card, permission=Permission.SETTLEMENT_APPROVE, order=20)
