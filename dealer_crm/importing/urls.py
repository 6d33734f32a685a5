from dealer_crm.access.permissions import Permission
from dealer_crm.access.routes import page
from dealer_crm.importing import views

app_name = "importing"

urlpatterns = [
    page("", views.run_list, Permission.WORKBOOK_IMPORT, name="runs"),
    page("bring/", views.bring, Permission.WORKBOOK_IMPORT, name="bring"),
    page("blank.xlsx", views.blank, Permission.WORKBOOK_IMPORT, name="blank"),
    page("<int:pk>/", views.run_page, Permission.WORKBOOK_IMPORT, name="run"),
    page("<int:pk>/confirm/", views.confirm, Permission.WORKBOOK_IMPORT, name="confirm"),
    page("<int:pk>/drop/", views.drop, Permission.WORKBOOK_IMPORT, name="drop"),
    page("<int:pk>/columns/", views.columns, Permission.WORKBOOK_IMPORT, name="columns"),
    page("<int:pk>/undo/", views.undo, Permission.WORKBOOK_IMPORT, name="undo"),
    page("<int:pk>/refused.xlsx", views.refused, Permission.WORKBOOK_IMPORT, name="refused"),
    page("sources/", views.source_list, Permission.WORKBOOK_IMPORT, name="sources"),
    page("sources/<int:pk>/", views.source, Permission.WORKBOOK_IMPORT, name="source"),
    page("sources/<int:pk>/remove/", views.source_remove, Permission.WORKBOOK_IMPORT, name="source_remove"),
    page("<int:pk>/problems.csv", views.problems_csv, Permission.WORKBOOK_IMPORT, name="problems"),
]
