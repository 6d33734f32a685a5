from dealer_crm.access.permissions import Permission
from dealer_crm.access.routes import page
from dealer_crm.appraisal import views

app_name = "appraisal"

urlpatterns = [
    page("scores/", views.scores, Permission.SCORE_CHANGE, name="scores"),
]
