from dealer_crm.access.permissions import Permission
from dealer_crm.access.routes import page, public_page
from satisfaction.views import followups, months, surveys

app_name = "satisfaction"

urlpatterns = [
    page("", months.month, Permission.SATISFACTION_VIEW, name="month"),
    page("responses/", months.response_list, Permission.SATISFACTION_VIEW, name="responses"),
    page("responses/<int:pk>/", months.response_page, Permission.SATISFACTION_VIEW, name="response"),
    page("flags/", followups.flag_list, Permission.FLAG_DEAL, name="flags"),
    page("flags/<int:pk>/deal/", followups.flag_deal, Permission.FLAG_DEAL, name="flag_deal"),
    page("plans/", followups.plan_list, Permission.IMPROVEMENT_VIEW_OWN, name="plans"),
    page("plans/<int:pk>/", followups.plan_page, Permission.IMPROVEMENT_VIEW_OWN, name="plan"),
    page("plans/<int:pk>/close/", followups.plan_close, Permission.IMPROVEMENT_CHANGE, name="plan_close"),
    page("plans/new/<str:period>/<str:code>/", followups.plan_new, Permission.IMPROVEMENT_CHANGE, name="plan_new"),
    page("questionnaires/", months.questionnaire_list, Permission.QUESTIONNAIRE_VIEW, name="questionnaires"),
    page("invite/<int:pk>/", surveys.invite, Permission.SURVEY_INVITE, name="invite"),
    page("invite/<int:pk>/code.svg", surveys.invite_code, Permission.SURVEY_INVITE, name="invite_code"),
    public_page("s/<str:token>/", surveys.survey, name="survey"),
]
