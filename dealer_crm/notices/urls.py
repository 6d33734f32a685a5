from dealer_crm.access.permissions import Permission
from dealer_crm.access.routes import page
from dealer_crm.notices import views

app_name = "notices"
urlpatterns = [
    page("", views.notice_list, Permission.NOTICE_VIEW, name="list"),
    page("bell/", views.bell, Permission.NOTICE_VIEW, name="bell"),
    page("read/", views.notices_read, Permission.NOTICE_VIEW, name="read"),
    page("<int:pk>/", views.notice_open, Permission.NOTICE_VIEW, name="open"),
]
