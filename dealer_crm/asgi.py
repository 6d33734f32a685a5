"""The entry point for an asynchronous server; the program itself runs behind WSGI."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dealer_crm.settings")
application = get_asgi_application()
