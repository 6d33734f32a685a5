from complaints.views import cases, lists
from dealer_crm.access.permissions import Permission
from dealer_crm.access.routes import page

app_name = "complaints"

# Who may take each step of the loop; the action itself refuses whose turn it is not.
STEP_PERMISSIONS = {
    "reply": Permission.COMPLAINT_REMEDY,
    "advise": Permission.COMPLAINT_ADVISE,
    "decide": Permission.COMPLAINT_DECIDE,
    "remedy": Permission.COMPLAINT_REMEDY,
    "check": Permission.COMPLAINT_DECIDE,
    "ask": Permission.COMPLAINT_ASK,
    "close": Permission.COMPLAINT_DECIDE,
    "pause": Permission.COMPLAINT_REMEDY,
    "resume": Permission.COMPLAINT_REMEDY,
    "verify": Permission.COMPLAINT_DECIDE,
}

urlpatterns = [
    page("", lists.complaint_list, Permission.COMPLAINT_VIEW, name="list"),
    page("queue/", lists.queue, Permission.COMPLAINT_VIEW_OWN, name="queue"),
    page("month/", lists.month, Permission.COMPLAINT_COUNT_VIEW, name="month"),
    page("new/", cases.complaint_new, Permission.COMPLAINT_CREATE, name="new"),
    page("<int:pk>/", cases.complaint_page, Permission.COMPLAINT_VIEW_OWN, name="complaint"),
    *(
        page(f"<int:pk>/{step}/", cases.step_taken(step), permission, name=step)
        for step, permission in STEP_PERMISSIONS.items()
    ),
]
