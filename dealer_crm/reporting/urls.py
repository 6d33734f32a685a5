from dealer_crm.access.permissions import Permission
from dealer_crm.access.routes import page
from dealer_crm.reporting import views
from dealer_crm.reporting.exports import exports
from dealer_crm.reporting.registry import reports

app_name = "reporting"

urlpatterns = [
    page("", views.report_list, Permission.REPORT_VIEW, name="reports"),
    page("kept/<int:pk>/", views.kept_page, Permission.REPORT_VIEW, name="kept"),
    page("kept/<int:pk>/file/", views.kept_file, Permission.REPORT_VIEW, name="kept_file"),
    page("paper/", views.paper, Permission.PAPER_PRINT, name="paper"),
    page("paper/print/", views.paper_print, Permission.PAPER_PRINT, name="paper_print"),
    page("exports/", views.export_list, Permission.EXPORT_VIEW, name="exports"),
    page("exports/<int:pk>/", views.export_page, Permission.EXPORT_VIEW, name="export"),
    page("exports/<int:pk>/file/", views.export_file, Permission.EXPORT_VIEW, name="export_file"),
    page("kept/<int:pk>/again/", views.kept_again, Permission.REPORT_VIEW, name="kept_again"),
]
# Every registered report has pages of its own, under its own permission.
for report in reports():
    urlpatterns += [
        page(f"{report.code}/", views.page_of(report), report.permission, name=report.code),
        page(
            f"{report.code}/<str:store_code>/<str:period>.xlsx",
            views.xlsx_of(report),
            report.permission,
            name=f"{report.code}_xlsx",
        ),
        page(
            f"{report.code}/<str:store_code>/<str:period>/<int:place>.csv",
            views.csv_of(report),
            report.permission,
            name=f"{report.code}_csv",
        ),
    ]
# Every list that can be taken out is ordered at an address of its own, under its own permission.
for export in exports():
    urlpatterns.append(
        page(f"exports/new/{export.code}/", views.order_of(export), export.permission, name=f"export_{export.code}")
    )
