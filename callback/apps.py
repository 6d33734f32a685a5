from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CallbackConfig(AppConfig):
    name = "callback"
    verbose_name = _("Callback centre")

    def ready(self):
        from callback import receivers, views  # noqa: F401
        from callback.queries.blueprint import CALL
        from dealer_crm.access.permissions import Permission
        from dealer_crm.journal import guards, verbs
        from dealer_crm.ui import home, navigation
        from dealer_crm.ui.navigation import Entry, Group
        from satisfaction.queries.blueprint import register_touchpoint

        register_touchpoint(CALL)
        navigation.register(
            Entry(_("Make calls"), "callback:call", Permission.CALL_TAKE, icon="phone", group=Group.CALLBACK, order=10),
            Entry(
                _("Call queue"),
                "callback:queue",
                Permission.CALL_VIEW,
                icon="list-details",
                group=Group.CALLBACK,
                order=20,
            ),
            Entry(
                _("On the phone now"),
                "callback:live",
                Permission.CALL_VIEW,
                icon="headset",
                group=Group.CALLBACK,
                order=30,
            ),
            Entry(
                _("Incoming call"),
                "callback:incoming",
                Permission.CALL_TAKE,
                icon="phone-incoming",
                group=Group.CALLBACK,
                order=15,
            ),
            Entry(
                _("Call sheet"),
                "callback:sheet",
                Permission.CALL_VIEW,
                icon="list-check",
                group=Group.CALLBACK,
                order=35,
            ),
            Entry(
                _("Customers' questions for me"),
                "callback:my_questions",
                Permission.REFERRAL_ANSWER,
                icon="message-question",
                group=Group.CALLBACK,
                order=36,
            ),
            Entry(
                _("Service requests"),
                "callback:requests",
                Permission.SERVICE_REQUEST_VIEW,
                icon="lifebuoy",
                group=Group.CALLBACK,
                order=32,
            ),
            Entry(
                _("My service requests"),
                "callback:my_requests",
                Permission.SERVICE_REQUEST_VIEW_OWN,
                icon="checklist",
                group=Group.CALLBACK,
                order=33,
            ),
            Entry(
                _("Contacts"),
                "callback:contacts",
                Permission.CALL_VIEW,
                icon="address-book",
                group=Group.CALLBACK,
                order=40,
            ),
            Entry(
                _("Call quality"),
                "callback:quality",
                Permission.CALL_VIEW,
                icon="award",
                group=Group.CALLBACK,
                order=55,
            ),
            Entry(
                _("Honesty ledger"),
                "callback:honesty",
                Permission.CALL_SCORE,
                icon="shield-search",
                group=Group.CALLBACK,
                order=56,
            ),
            Entry(_("Work log"), "callback:log", Permission.CALL_TAKE, icon="notebook", group=Group.CALLBACK, order=57),
            Entry(
                _("Wrong numbers"),
                "callback:wrong_numbers",
                Permission.CALL_VIEW,
                icon="phone-off",
                group=Group.CALLBACK,
                order=50,
            ),
            Entry(
                _("New-car handovers"),
                "callback:handovers",
                Permission.CALL_VIEW,
                icon="car",
                group=Group.CALLBACK,
                order=55,
            ),
            Entry(
                _("Campaigns"),
                "callback:campaigns",
                Permission.CALL_VIEW,
                icon="speakerphone",
                group=Group.CALLBACK,
                order=51,
            ),
            Entry(
                _("Showroom"),
                "callback:showroom",
                Permission.SHOWROOM_VIEW,
                icon="building-store",
                group=Group.CALLBACK,
                order=52,
            ),
            Entry(
                pgettext_lazy("showroom", "Leads"),
                "callback:leads",
                Permission.SHOWROOM_VIEW,
                icon="users",
                group=Group.CALLBACK,
                order=53,
            ),
            Entry(
                _("Call figures"),
                "callback:figures",
                Permission.CALL_VIEW,
                icon="chart-bar",
                group=Group.CALLBACK,
                order=60,
            ),
            Entry(
                _("Call programme"),
                "callback:programme",
                Permission.CALL_VIEW,
                icon="calendar-stats",
                group=Group.CALLBACK,
                order=65,
            ),
            Entry(
                _("Standard sheets"),
                "callback:standard_sheets",
                Permission.CALL_VIEW,
                icon="files",
                group=Group.CALLBACK,
                order=66,
            ),
            Entry(
                _("Call rules"),
                "callback:rules",
                Permission.CALL_VIEW,
                icon="adjustments",
                group=Group.CALLBACK,
                order=70,
            ),
        )
        home.register(views.my_calls_card, permission=Permission.CALL_TAKE, order=10)
        home.register(views.my_questions_card, permission=Permission.REFERRAL_ANSWER, order=12)
        home.register(views.my_requests_card, permission=Permission.SERVICE_REQUEST_VIEW_OWN, order=11)
        home.register(views.my_leads_card, permission=Permission.LEAD_CHANGE, order=13)
        home.register(views.supervision_card, permission=Permission.CALL_ASSIGN, order=15)
        guards.keep_business(Permission.CALL_VIEW, "callback")
        verbs.register(
            {
                "call_tasks.made": _("Owed calls listed"),
                "call_task.dropped": _("Not to be called"),
                "call_task.released": _("Put back into the queue"),
                "call_task.assigned": _("Given to an agent"),
                "call_task.lapsed": _("Claim lapsed"),
                "call_task.settled": _("Called elsewhere, came by workbook"),
                "call_task.completed": _("Completed"),
                "call_task.no_answer": _("No answer"),
                "call_task.busy": _("Busy"),
                "call_task.switched_off": _("Switched off"),
                "call_task.wrong_number": _("Wrong number"),
                "call_task.invalid_number": _("Invalid number"),
                "call_task.refused": _("Refused the call"),
                "call_task.call_later": _("Call later"),
                "call_task.sms": _("Text message instead"),
                "call_rule.changed": _("Rule changed"),
                "call.scored": _("Call judged"),
                "call_score.commented": _("Judgement commented on"),
                "finding.reviewed": _("Finding reviewed"),
                "work_log.kept": _("Day written down"),
                "work_log.read": _("Day read by the supervisor"),
                "contact.came_in": _("Contact that came in"),
                "contact.record_changed": _("Record put right"),
                "referral.made": _("Question handed on"),
                "referral.answered": _("Department has answered"),
                "referral.handed_on": _("Another person is asked"),
                "referral.time_agreed": _("Time agreed with the customer"),
                "referral.confirmed": _("Confirmed with the customer"),
                "referral.withdrawn": pgettext_lazy("referral", "Withdrawn"),
                "service_request.taken": _("Service request taken down"),
                "service_request.named": _("Customer of the request found"),
                "service_request.handed_on": pgettext_lazy("service request", "Handed on"),
                "service_request.answered": _("Customer answered"),
                "service_request.worked_on": _("Worked on the request"),
                "service_request.closed": _("Service request closed"),
                "service_request.withdrawn": pgettext_lazy("service request", "Withdrawn"),
                "call_sample.drawn": _("Lots drawn"),
                "call_refusal.noted": _("Customer refuses such calls"),
                "call_refusal.lifted": _("Customer allows such calls again"),
                "handover.noted": _("New car handed over"),
                "handover.withdrawn": _("Handover taken back"),
                "campaign.prepared": _("Campaign prepared"),
                "campaign.started": _("Campaign started"),
                "campaign.called_off": _("Campaign called off"),
                "campaign.judged": _("Campaign judged"),
                "lead.entered": _("Lead entered"),
                "lead.changed": _("Lead completed"),
                "lead.talked": _("Talk with the lead"),
                "lead.won": _("Lead won"),
                "lead.lost": _("Lead lost"),
                "lead.reopened": _("Lead followed up again"),
                "lead.forgotten": _("Personal data of the lead erased"),
                "showroom.checked": _("Showroom day checked"),
                "call_rules.shipped": _("Shipped rules taken over"),
            }
        )
