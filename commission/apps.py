from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommissionConfig(AppConfig):
    name = "commission"
    verbose_name = _("Commission")

    def ready(self):
        from commission import queries, receivers, reports, views  # noqa: F401 - they register themselves
        from complaints.queries import ask_of_pay_effect
        from dealer_crm.access.permissions import Permission
        from dealer_crm.appraisal.queries import ask_of_pay as ask_of_pay_before_scoring
        from dealer_crm.journal import guards, verbs
        from dealer_crm.kpi.queries import ask_of_locked_months
        from dealer_crm.ui import home, navigation
        from dealer_crm.ui.navigation import Entry, Group
        from workshop.queries import ask_of_pay

        ask_of_pay(queries.pay_is_locked)
        ask_of_locked_months(queries.locked_months)
        ask_of_pay_before_scoring(queries.objection_to_score)
        ask_of_pay_effect(queries.pay_effects)
        navigation.register(
            Entry(_("My commission"), "commission:own", Permission.PAY_VIEW_OWN, "wallet", Group.COMMISSION, 10),
            Entry(_("Commission runs"), "commission:runs", Permission.RUN_VIEW, "calculator", Group.COMMISSION, 20),
            Entry(
                _("Disputed lines"),
                "commission:disputes",
                Permission.DISPUTE_ANSWER,
                "message-question",
                Group.COMMISSION,
                26,
            ),
            Entry(
                _("Appeals against pay"),
                "commission:appeals",
                Permission.PAY_APPEAL_DECIDE,
                "gavel",
                Group.COMMISSION,
                27,
            ),
            Entry(_("Adjustments"), "commission:adjustments", Permission.RUN_VIEW, "adjustments", Group.COMMISSION, 30),
            Entry(
                _("Temporary coefficients"),
                "commission:coefficients",
                Permission.COEFFICIENT_VIEW,
                "scale",
                Group.COMMISSION,
                35,
            ),
            Entry(_("My pay"), "commission:own_pay", Permission.PAY_VIEW_OWN, "cash", Group.COMMISSION, 12),
            Entry(_("Incentives"), "commission:incentives", Permission.RUN_VIEW, "gift", Group.COMMISSION, 32),
            Entry(_("Pay statements"), "commission:pay", Permission.PAY_VIEW, "file-invoice", Group.COMMISSION, 60),
            Entry(_("Pay items"), "commission:pay_people", Permission.PAY_CHANGE, "coins", Group.COMMISSION, 61),
            Entry(_("Pay plans"), "commission:plans", Permission.PLAN_VIEW, "file-text", Group.COMMISSION, 50),
        )
        home.register(views.runs_card, permission=Permission.RUN_VIEW, order=40)
        home.register(views.adjustments_card, permission=Permission.ADJUSTMENT_APPROVE, order=41)
        home.register(views.plans_card, permission=Permission.PLAN_APPROVE, order=43)
        home.register(views.coefficients_card, permission=Permission.COEFFICIENT_APPROVE, order=42)
        home.register(views.incentives_card, permission=Permission.ADJUSTMENT_APPROVE, order=44)
        home.register(views.statements_card, permission=Permission.PAY_VIEW_OWN, order=8)
        home.register(views.disputes_card, permission=Permission.DISPUTE_ANSWER, order=43)
        home.register(views.appeals_card, permission=Permission.PAY_APPEAL_DECIDE, order=44)
        home.register(views.own_pay_card, permission=Permission.PAY_VIEW_OWN, order=90)
        # Who keeps accounts reads the journal too: what people are paid, and say about it, is not their business.
        guards.keep_business(Permission.RUN_VIEW, "commission")
        guards.keep(
            Permission.RUN_VIEW, "run.computed", "run.corrected", "statement.checked", "dispute.raised",
            "dispute.upheld", "dispute.rejected", "pay_appeal.made", "pay_appeal.voted", "pay_appeal.granted",
            "pay_appeal.rejected", "commission.adjustment", "commission.incentive", "commission.correction",
        )  # fmt: skip
        guards.keep(Permission.PLAN_VIEW, "plan.changed")
        guards.keep(Permission.COEFFICIENT_VIEW, "commission.coefficientchange")
        verbs.register(
            {
                "plan.installed": _("Pay plan installed"),
                "plan.proposed": _("Plan version written"),
                "plan.changed": _("Draft of a plan version changed"),
                "plan.discarded": _("Draft of a plan version thrown away"),
                "plan.asked": _("Approval of a plan version asked for"),
                "plan.tried": _("Plan version tried over past months"),
                "plan.approved": _("Plan version approved"),
                "run.computed": _("Commission computed"),
                "run.reviewed": _("Commission reviewed"),
                "run.approved": _("Commission approved"),
                "run.locked": _("Commission locked"),
                "run.returned": _("Commission sent back"),
                "run.reminded": _("People reminded to check their statement"),
                "statement.checked": _("Statement checked by the person"),
                "dispute.raised": _("Statement line disputed"),
                "dispute.upheld": _("Dispute upheld"),
                "dispute.rejected": _("Dispute turned down"),
                "pay_appeal.made": _("Appeal against pay made"),
                "pay_appeal.voted": _("Vote on an appeal against pay"),
                "pay_appeal.member_named": _("Member named to an appeal's committee"),
                "pay_appeal.granted": _("Appeal against pay granted"),
                "pay_appeal.rejected": _("Appeal against pay turned down"),
                "run.corrected": _("Commission corrected by a later month"),
                "coefficient.asked": _("Temporary coefficient asked for"),
                "coefficient.approved": _("Temporary coefficient approved"),
                "coefficient.declined": _("Temporary coefficient declined"),
                "coefficient.withdrawn": _("Request for a temporary coefficient withdrawn"),
                "coefficient.revoked": _("Temporary coefficient taken back"),
                "pay_item.set": _("Pay item entered"),
                "incentive.proposed": _("Incentive entered"),
                "incentive.approved": _("Incentive approved"),
                "incentive.declined": _("Incentive declined"),
                "adjustment.proposed": _("Adjustment proposed"),
                "adjustment.approved": _("Adjustment approved"),
                "adjustment.declined": _("Adjustment declined"),
            }
        )
