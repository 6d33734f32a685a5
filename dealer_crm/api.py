"""Wiring of the HTTP API: every app's routes under /api/v1/. Source: spec `interfaces.md`."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from rest_framework.routers import SimpleRouter

router = SimpleRouter()
for app in settings.PROJECT_APPS:
    if find_spec(f"{app}.api"):
        for prefix, viewset, basename in import_module(f"{app}.api").routes:
            router.register(prefix, viewset, basename=basename)

urlpatterns = router.urls
