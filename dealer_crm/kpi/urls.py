from dealer_crm.access.permissions import Permission
from dealer_crm.access.routes import page
from dealer_crm.kpi import views

app_name = "kpi"

urlpatterns = [
    page("", views.dashboard, Permission.KPI_VIEW, name="dashboard"),
    page("targets/", views.targets, Permission.TARGET_VIEW, name="targets"),
    page("targets/new/", views.target_new, Permission.TARGET_CHANGE, name="target_new"),
    page("targets/year/", views.target_grid, Permission.TARGET_VIEW, name="target_grid"),
    page("targets/year/save/", views.target_grid_save, Permission.TARGET_CHANGE, name="target_grid_save"),
    page("targets/own/", views.own_targets, Permission.TARGET_SIGN, name="own_targets"),
    page("targets/sign/", views.targets_sign, Permission.TARGET_SIGN, name="targets_sign"),
    page("targets/<int:pk>/", views.target, Permission.TARGET_VIEW, name="target"),
    page("targets/<int:pk>/sign/", views.target_sign, Permission.TARGET_SIGN, name="target_sign"),
]
