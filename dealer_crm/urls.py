"""Wiring of every address. Each app declares its pages, with their permission, in its own `urls.py`."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from dealer_crm import health
from dealer_crm.access.permissions import Permission
from dealer_crm.access.routes import guarded, public_page
from dealer_crm.rest.tokens import by_token

swagger = SpectacularSwaggerView.as_view(url_name="api_schema")

urlpatterns = [
    path("", include("dealer_crm.ui.urls")),
    path("notices/", include("dealer_crm.notices.urls")),
    path("channels/", include("dealer_crm.channels.urls")),
    path("reception/", include("reception.urls")),
    path("workshop/", include("workshop.urls")),
    path("satisfaction/", include("satisfaction.urls")),
    path("complaints/", include("complaints.urls")),
    path("callback/", include("callback.urls")),
    path("kpi/", include("dealer_crm.kpi.urls")),
    path("appraisal/", include("dealer_crm.appraisal.urls")),
    path("commission/", include("commission.urls")),
    path("office/", include("dealer_crm.office.urls")),
    path("import/", include("dealer_crm.importing.urls")),
    path("reports/", include("dealer_crm.reporting.urls")),
    path("api/v1/", include("dealer_crm.api")),
    path("api/schema/", by_token(guarded(SpectacularAPIView.as_view(), Permission.HOME_VIEW)), name="api_schema"),
    path("api/docs/", by_token(guarded(swagger, Permission.HOME_VIEW)), name="api_docs"),
    public_page("healthz", health.healthz, name="healthz"),
    public_page("readyz", health.readyz, name="readyz"),
    public_page("metrics", health.metrics, name="metrics"),
]

handler400 = "dealer_crm.ui.views.bad_request"
handler403 = "dealer_crm.ui.views.permission_denied"
handler404 = "dealer_crm.ui.views.page_not_found"
handler500 = "dealer_crm.ui.views.server_error"
