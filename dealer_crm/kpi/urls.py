from dealer_crm.access.permissions import Permission
from dealer_crm.access.routes import page
from dealer_crm.kpi import views

app_name = "kpi"

urlpatterns = [
    page("", views.dashboard, Permission.KPI_VIEW, name="dashboard"),
    page("measures/<slug:code>/", views.measure, Permission.KPI_VIEW, name="measure"),
    page("rows/<slug:part>/", views.rows, Permission.KPI_VIEW, name="rows"),
    page("rows/<slug:part>/workbook/", views.rows_workbook, Permission.KPI_VIEW, name="rows_workbook"),
    page("stores/", views.stores, Permission.KPI_VIEW, name="stores"),
    page("targets/", views.targets, Permission.TARGET_VIEW, name="targets"),
    page("targets/new/", views.target_new, Permission.TARGET_CHANGE, name="target_new"),
    page("targets/year/", views.target_grid, Permission.TARGET_VIEW, name="target_grid"),
    page("targets/year/save/", views.target_grid_save, Permission.TARGET_CHANGE, name="target_grid_save"),
    page("targets/own/", views.own_targets, Permission.TARGET_SIGN, name="own_targets"),
    page("targets/sign/", views.targets_sign, Permission.TARGET_SIGN, name="targets_sign"),
    page("targets/<int:pk>/", views.target, Permission.TARGET_VIEW, name="target"),
    page("targets/<int:pk>/sign/", views.target_sign, Permission.TARGET_SIGN, name="target_sign"),
    page("meetings/", views.meetings, Permission.MEETING_VIEW, name="meetings"),
    page("meetings/open/", views.meeting_open, Permission.MEETING_CHANGE, name="meeting_open"),
    page("meetings/<int:pk>/", views.meeting, Permission.MEETING_VIEW, name="meeting"),
    page("meetings/<int:pk>/save/", views.meeting_save, Permission.MEETING_CHANGE, name="meeting_save"),
    page("meetings/<int:pk>/refresh/", views.meeting_refresh, Permission.MEETING_CHANGE, name="meeting_refresh"),
    page("meetings/<int:pk>/print/", views.meeting_print, Permission.MEETING_VIEW, name="meeting_print"),
    page("agreed/", views.follow_ups, Permission.MEETING_TASK_OWN, name="follow_ups"),
    page("agreed/<int:pk>/done/", views.follow_up_done, Permission.MEETING_TASK_OWN, name="follow_up_done"),
    page("agreed/<int:pk>/postpone/", views.follow_up_postpone, Permission.MEETING_CHANGE, name="follow_up_postpone"),
]
