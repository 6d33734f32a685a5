"""Settings of a test run: throw-away servers (see conftest.py), quick passwords, nothing leaves the process."""

import os

os.environ["DEMO"] = os.environ["DEBUG"] = "0"
os.environ.setdefault("SECRET_KEY", "only for tests, and long enough to be taken for a real one")
_given = bool(os.environ.get("DATABASE_URL"))
os.environ.setdefault("HTTPS", "0")

from dealer_crm.settings import *  # noqa: E402, F403
from dealer_crm.settings import DATABASES, STORAGES  # noqa: E402

if not _given:
    # Never the developer's own servers by accident: conftest.py puts in the address of its own when one is needed.
    DATABASES["default"] |= {"NAME": "dealer", "HOST": "/no-server-started-yet", "PASSWORD": "", "OPTIONS": {}}

ALLOWED_HOSTS = ["*"]
SECOND_FACTOR = False  # even on given servers; the tests that speak of it turn it on
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_USE_FINDERS = False  # every test client would read the names of all static files anew
# Text messages stay in the outbox, whatever the machine's own settings; the tests of gateways bring their own.
CHANNELS = {"sms": {"carrier": "console"}, "wechat": {"carrier": "console"}, "email": {"carrier": "email"}}
# Messages stay in the process; a test that wants a real broker asks for the `broker` fixture.
CELERY_BROKER_URL = "memory://"
