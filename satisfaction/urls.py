from dealer_crm.access.permissions import Permission
from dealer_crm.access.routes import page, public_page
from satisfaction.views import analysis, blueprint, factory, flags, gaps, months, plans, questionnaires, surveys

app_name = "satisfaction"

urlpatterns = [
    page("", months.month, Permission.SATISFACTION_VIEW, name="month"),
    page("analysis/", analysis.analysis, Permission.SATISFACTION_VIEW, name="analysis"),
    page("analysis/drivers/", analysis.drivers, Permission.SATISFACTION_VIEW, name="drivers"),
    page("analysis/control/", analysis.control, Permission.SATISFACTION_VIEW, name="control"),
    page("gaps/", gaps.gaps, Permission.SATISFACTION_VIEW, name="gaps"),
    page("composites/", gaps.composites, Permission.SATISFACTION_VIEW, name="composites"),
    page("guess/", gaps.guess, Permission.GUESS_CREATE, name="guess"),
    page("factor-targets/", gaps.targets, Permission.SATISFACTION_VIEW, name="targets"),
    page("responses/", months.response_list, Permission.SATISFACTION_VIEW, name="responses"),
    page("responses/<int:pk>/", months.response_page, Permission.SATISFACTION_VIEW, name="response"),
    # What is done about it
    page("flags/", flags.flag_list, Permission.FLAG_VIEW_OWN, name="flags"),
    page("flags/<int:pk>/", flags.flag_page, Permission.FLAG_VIEW_OWN, name="flag"),
    page("flags/<int:pk>/deal/", flags.flag_deal, Permission.FLAG_VIEW_OWN, name="flag_deal"),
    page("flags/<int:pk>/assign/", flags.flag_assign, Permission.FLAG_DEAL, name="flag_assign"),
    page("plans/", plans.plan_list, Permission.IMPROVEMENT_VIEW_OWN, name="plans"),
    page("plans/print/", plans.plan_print, Permission.IMPROVEMENT_VIEW_OWN, name="plans_print"),
    page("plans/owed/", plans.plans_owed, Permission.IMPROVEMENT_CHANGE, name="plans_owed"),
    page("plans/new/", plans.plan_free, Permission.IMPROVEMENT_CHANGE, name="plan_free"),
    page("plans/new/<str:period>/<str:code>/", plans.plan_new, Permission.IMPROVEMENT_CHANGE, name="plan_new"),
    page("plans/<int:pk>/", plans.plan_page, Permission.IMPROVEMENT_VIEW_OWN, name="plan"),
    page("plans/<int:pk>/begin/", plans.plan_begin, Permission.IMPROVEMENT_VIEW_OWN, name="plan_begin"),
    page("plans/<int:pk>/done/", plans.plan_done, Permission.IMPROVEMENT_VIEW_OWN, name="plan_done"),
    page("plans/<int:pk>/owner/", plans.plan_owner, Permission.IMPROVEMENT_CHANGE, name="plan_owner"),
    page("plans/<int:pk>/days/", plans.plan_days, Permission.IMPROVEMENT_CHANGE, name="plan_days"),
    page("plans/<int:pk>/close/", plans.plan_close, Permission.IMPROVEMENT_CHANGE, name="plan_close"),
    page("blueprint/", blueprint.blueprint, Permission.SATISFACTION_VIEW, name="blueprint"),
    page("blueprint/print/", blueprint.blueprint_print, Permission.SATISFACTION_VIEW, name="blueprint_print"),
    page("blueprint/<slug:code>/", blueprint.blueprint_orders, Permission.SATISFACTION_VIEW, name="blueprint_orders"),
    # Questionnaires and where answers come from
    page("questionnaires/", questionnaires.questionnaire_list, Permission.QUESTIONNAIRE_VIEW, name="questionnaires"),
    page(
        "questionnaires/new/",
        questionnaires.questionnaire_new,
        Permission.QUESTIONNAIRE_CHANGE,
        name="questionnaire_new",
    ),
    page(
        "questionnaires/<int:pk>/",
        questionnaires.questionnaire_page,
        Permission.QUESTIONNAIRE_VIEW,
        name="questionnaire",
    ),
    page(
        "questionnaires/<int:pk>/draft/",
        questionnaires.questionnaire_draft,
        Permission.QUESTIONNAIRE_CHANGE,
        name="questionnaire_draft",
    ),
    page(
        "questionnaires/versions/<int:pk>/", questionnaires.version_page, Permission.QUESTIONNAIRE_VIEW, name="version"
    ),
    page(
        "questionnaires/versions/<int:pk>/edit/",
        questionnaires.version_edit,
        Permission.QUESTIONNAIRE_CHANGE,
        name="version_edit",
    ),
    page(
        "questionnaires/versions/<int:pk>/wordings/",
        questionnaires.version_wordings,
        Permission.QUESTIONNAIRE_CHANGE,
        name="version_wordings",
    ),
    page(
        "questionnaires/versions/<int:pk>/preview/",
        questionnaires.version_preview,
        Permission.QUESTIONNAIRE_VIEW,
        name="version_preview",
    ),
    page(
        "questionnaires/versions/<int:pk>/publish/",
        questionnaires.version_publish,
        Permission.QUESTIONNAIRE_CHANGE,
        name="version_publish",
    ),
    page(
        "questionnaires/versions/<int:pk>/discard/",
        questionnaires.version_discard,
        Permission.QUESTIONNAIRE_CHANGE,
        name="version_discard",
    ),
    page(
        "questionnaires/versions/<int:pk>/changes/<int:number>/",
        questionnaires.version_changes,
        Permission.QUESTIONNAIRE_VIEW,
        name="version_changes",
    ),
    page("take-down/", surveys.response_new, Permission.CALL_TAKE, name="take_down"),
    page("take-down/<slug:code>/", surveys.response_new, Permission.CALL_TAKE, name="response_new"),
    page("factory/", factory.factory, Permission.SATISFACTION_VIEW, name="factory"),
    page("staff/", factory.staff_survey, Permission.STAFF_SURVEY_ANSWER, name="staff_survey"),
    page("staff/round/", factory.staff_round, Permission.SATISFACTION_VIEW, name="staff_round"),
    page("staff/call/", factory.staff_call, Permission.QUESTIONNAIRE_CHANGE, name="staff_call"),
    page("invite/<int:pk>/", surveys.invite, Permission.SURVEY_INVITE, name="invite"),
    page("invite/<int:pk>/tablet/", surveys.tablet, Permission.SURVEY_INVITE, name="tablet"),
    page("invite/<int:pk>/text/", surveys.invite_text, Permission.SURVEY_INVITE, name="invite_text"),
    page("invite/<int:pk>/code.svg", surveys.invite_code, Permission.SURVEY_INVITE, name="invite_code"),
    public_page("s/<str:token>/", surveys.survey, name="survey"),
]
