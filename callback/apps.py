from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CallbackConfig(AppConfig):
    name = "callback"
    verbose_name = _("Callback centre")

    def ready(self):
        from callback import receivers, views  # noqa: F401
        from dealer_crm.access.permissions import Permission
        from dealer_crm.journal import verbs
        from dealer_crm.ui import home, navigation
        from dealer_crm.ui.navigation import Entry, Group

        def entry(label, name, permission, icon, order):
            return Entry(label, f"callback:{name}", permission, icon=icon, group=Group.CALLBACK, order=order)

        navigation.register(
            entry(_("Make calls"), "call", Permission.CALL_TAKE, "phone", 10),
            entry(_("Call queue"), "queue", Permission.CALL_VIEW, "list-details", 20),
            entry(_("On the phone now"), "live", Permission.CALL_VIEW, "headset", 30),
            entry(_("Contacts"), "contacts", Permission.CALL_VIEW, "address-book", 40),
            entry(_("Wrong numbers"), "wrong_numbers", Permission.CALL_VIEW, "phone-off", 50),
            entry(_("Call figures"), "figures", Permission.CALL_VIEW, "chart-bar", 60),
            entry(_("Call rules"), "rules", Permission.CALL_VIEW, "adjustments", 70),
        )
        home.register(views.my_calls_card, permission=Permission.CALL_TAKE, order=10)
        home.register(views.supervision_card, permission=Permission.CALL_ASSIGN, order=15)
        verbs.register(
            {
                "call_tasks.made": _("Calls made"),
                "call_task.dropped": _("Not to be called"),
                "call_task.released": _("Put back into the queue"),
                "call_task.assigned": _("Given to an agent"),
                "call_task.lapsed": _("Claim lapsed"),
                "call_task.completed": _("Completed"),
                "call_task.no_answer": _("No answer"),
                "call_task.busy": _("Busy"),
                "call_task.switched_off": _("Switched off"),
                "call_task.wrong_number": _("Wrong number"),
                "call_task.invalid_number": _("Invalid number"),
                "call_task.refused": _("Refused"),
                "call_task.call_later": _("Call later"),
                "call_task.sms": _("Text message instead"),
                "call_rule.changed": _("Rule changed"),
                "call_rules.shipped": _("Shipped rules taken over"),
            }
        )
