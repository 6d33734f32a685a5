from commission import views
from dealer_crm.access.permissions import Permission
from dealer_crm.access.routes import page

app_name = "commission"

urlpatterns = [
    page("", views.run_list, Permission.RUN_VIEW, name="runs"),
    page("compute/", views.run_compute, Permission.RUN_COMPUTE, name="run_compute"),
    page("computations/<int:pk>/", views.computation, Permission.RUN_COMPUTE, name="computation"),
    page("<int:pk>/", views.run_detail, Permission.RUN_VIEW, name="run"),
    page("<int:pk>/review/", views.run_review, Permission.RUN_REVIEW, name="run_review"),
    page("<int:pk>/approve/", views.run_approve, Permission.RUN_APPROVE, name="run_approve"),
    page("<int:pk>/lock/", views.run_lock, Permission.RUN_LOCK, name="run_lock"),
    page("<int:pk>/return/", views.run_return, Permission.RUN_RETURN, name="run_return"),
    page(
        "<int:pk>/explain/<slug:part>/<str:key>/",
        views.figure_explanation,
        Permission.RUN_VIEW,
        name="figure_explanation",
    ),
    page("statements/<int:pk>/", views.statement, Permission.RUN_VIEW, name="statement"),
    page("own/", views.own_statements, Permission.PAY_VIEW_OWN, name="own"),
    page("own/<int:pk>/", views.own_statement, Permission.PAY_VIEW_OWN, name="own_statement"),
    page("own/lines/<int:pk>/", views.own_line, Permission.PAY_VIEW_OWN, name="own_line"),
    page("lines/<int:pk>/", views.line, Permission.RUN_VIEW, name="line"),
    page("own/<int:pk>/check/", views.statement_check, Permission.PAY_VIEW_OWN, name="statement_check"),
    page("own/lines/<int:pk>/dispute/", views.dispute_new, Permission.PAY_VIEW_OWN, name="dispute_new"),
    page("own/<int:pk>/appeal/", views.appeal_new, Permission.PAY_VIEW_OWN, name="appeal_new"),
    page("own/appeals/", views.own_appeals, Permission.PAY_VIEW_OWN, name="own_appeals"),
    page("<int:pk>/remind/", views.run_remind, Permission.RUN_REVIEW, name="run_remind"),
    page("disputes/", views.disputes, Permission.DISPUTE_ANSWER, name="disputes"),
    page("disputes/<int:pk>/answer/", views.dispute_answer, Permission.DISPUTE_ANSWER, name="dispute_answer"),
    page("appeals/", views.appeals, Permission.PAY_APPEAL_DECIDE, name="appeals"),
    page("appeals/<int:pk>/", views.appeal, Permission.PAY_APPEAL_DECIDE, name="appeal"),
    page("appeals/<int:pk>/vote/", views.appeal_vote, Permission.PAY_APPEAL_DECIDE, name="appeal_vote"),
    page("appeals/<int:pk>/member/", views.appeal_member, Permission.PAY_APPEAL_NAME, name="appeal_member"),
    page("pay/", views.pay_slips, Permission.PAY_VIEW, name="pay"),
    page("pay/<int:pk>/", views.pay_slip, Permission.PAY_VIEW, name="pay_slip"),
    page("pay/lines/<int:pk>/", views.pay_line, Permission.PAY_VIEW, name="pay_line"),
    page("pay/own/", views.own_pay, Permission.PAY_VIEW_OWN, name="own_pay"),
    page("pay/own/<int:pk>/", views.own_pay_slip, Permission.PAY_VIEW_OWN, name="own_pay_slip"),
    page("pay/own/lines/<int:pk>/", views.own_pay_line, Permission.PAY_VIEW_OWN, name="own_pay_line"),
    page("pay/items/", views.pay_people, Permission.PAY_CHANGE, name="pay_people"),
    page("pay/items/<int:pk>/", views.pay_items, Permission.PAY_CHANGE, name="pay_items"),
    page("incentives/", views.incentives, Permission.RUN_VIEW, name="incentives"),
    page("incentives/new/", views.incentive_new, Permission.ADJUSTMENT_CREATE, name="incentive_new"),
    page(
        "incentives/<int:pk>/approve/", views.incentive_approve, Permission.ADJUSTMENT_APPROVE, name="incentive_approve"
    ),
    page(
        "incentives/<int:pk>/decline/", views.incentive_decline, Permission.ADJUSTMENT_APPROVE, name="incentive_decline"
    ),
    page("plans/", views.plan_list, Permission.PLAN_VIEW, name="plans"),
    page("plans/<int:pk>/", views.plan_version, Permission.PLAN_VIEW, name="plan"),
    page("plans/new/", views.plan_draft, Permission.PLAN_CHANGE, name="plan_draft"),
    page("plans/<int:pk>/edit/", views.plan_edit, Permission.PLAN_CHANGE, name="plan_edit"),
    page("plans/<int:pk>/discard/", views.plan_discard, Permission.PLAN_CHANGE, name="plan_discard"),
    page("plans/<int:pk>/ask/", views.plan_ask, Permission.PLAN_CHANGE, name="plan_ask"),
    page("plans/<int:pk>/approve/", views.plan_approve, Permission.PLAN_APPROVE, name="plan_approve"),
    page("plans/<int:pk>/beside/<int:other>/", views.plan_compare, Permission.PLAN_VIEW, name="plan_compare"),
    page("plans/<int:pk>/dry-run/", views.dry_run_order, Permission.PLAN_TRY, name="dry_run_order"),
    page("plans/dry-runs/<int:pk>/", views.dry_run, Permission.RUN_VIEW, name="dry_run"),
    page("plans/dry-runs/<int:pk>/xlsx/", views.dry_run_workbook, Permission.RUN_VIEW, name="dry_run_workbook"),
    page(
        "plans/dry-runs/<int:pk>/people/<int:staff>/", views.dry_run_person, Permission.RUN_VIEW, name="dry_run_person"
    ),
    page("coefficients/", views.coefficients, Permission.COEFFICIENT_VIEW, name="coefficients"),
    page("coefficients/ask/", views.coefficient_ask, Permission.COEFFICIENT_ASK, name="coefficient_ask"),
    page("coefficients/<int:pk>/", views.coefficient, Permission.COEFFICIENT_VIEW, name="coefficient"),
    page(
        "coefficients/<int:pk>/approve/",
        views.coefficient_approve,
        Permission.COEFFICIENT_APPROVE,
        name="coefficient_approve",
    ),
    page(
        "coefficients/<int:pk>/decline/",
        views.coefficient_decline,
        Permission.COEFFICIENT_APPROVE,
        name="coefficient_decline",
    ),
    page(
        "coefficients/<int:pk>/revoke/",
        views.coefficient_revoke,
        Permission.COEFFICIENT_APPROVE,
        name="coefficient_revoke",
    ),
    page(
        "coefficients/<int:pk>/withdraw/",
        views.coefficient_withdraw,
        Permission.COEFFICIENT_ASK,
        name="coefficient_withdraw",
    ),
    page("adjustments/", views.adjustments, Permission.RUN_VIEW, name="adjustments"),
    page("adjustments/new/", views.adjustment_new, Permission.ADJUSTMENT_CREATE, name="adjustment_new"),
    page(
        "adjustments/<int:pk>/approve/",
        views.adjustment_approve,
        Permission.ADJUSTMENT_APPROVE,
        name="adjustment_approve",
    ),
    page(
        "adjustments/<int:pk>/decline/",
        views.adjustment_decline,
        Permission.ADJUSTMENT_APPROVE,
        name="adjustment_decline",
    ),
]
