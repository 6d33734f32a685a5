"""Settings, from the environment only. `.env.example` lists every variable; a `.env` beside it is read when it exists.

Without `DATABASE_URL` the program uses the servers of this clone (`python -m dealer_crm.embedded up`, `make demo`),
whose addresses stand in `var/servers.json`.
"""

from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from dealer_crm.embedded import places

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = env = environ.Env()
env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

# ── Which servers, and is this a machine of our own ──────────────────────────────────────────────────────────────────
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
DATABASE_URL = env.str("DATABASE_URL", default="")
REDIS_URL = env.str("REDIS_URL", default="")
LOCAL = DEBUG or DEMO or not DATABASE_URL
"""A demo, a developer's machine or a test run: plain HTTP, own secret, no static-file manifest."""

_servers = places.read_addresses(VAR_DIR)
DATABASE_URL = (
    DATABASE_URL or _servers.get("DATABASE_URL") or "postgresql://dealer@/dealer?host=/embedded-servers-are-down"
)
REDIS_URL = REDIS_URL or _servers.get("REDIS_URL") or "unix:///embedded-servers-are-down"

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not LOCAL:
        raise ImproperlyConfigured("SECRET_KEY is not set")
    SECRET_KEY = places.own_secret(VAR_DIR)

# ── Where it is reached ──────────────────────────────────────────────────────────────────────────────────────────────
HTTPS = env.bool("HTTPS", default=not LOCAL)
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
# The machine's own health checks ask without a name.
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", default=["*"] if LOCAL else []), "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ROOT_URLCONF = "dealer_crm.urls"
WSGI_APPLICATION = "dealer_crm.wsgi.application"
ASGI_APPLICATION = "dealer_crm.asgi.application"

# ── What it is made of ───────────────────────────────────────────────────────────────────────────────────────────────
PROJECT_APPS = [
    "dealer_crm.journal",
    "dealer_crm.workdays",
    "dealer_crm.organization",
    "dealer_crm.notices",
    "dealer_crm.files",
    "dealer_crm.channels",
    "dealer_crm.ui",
    "dealer_crm.reporting",
    "dealer_crm.importing",
    "dealer_crm.rest",
    "dealer_crm.office",
    "dealer_crm.access",
    "reception",
    "workshop",
    "satisfaction",
    "complaints",
    "callback",
    "dealer_crm.kpi",
    "dealer_crm.appraisal",
    "commission",
]

INSTALLED_APPS = [
    "dealer_crm",
    *PROJECT_APPS,
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_filters",
    "import_export",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "csp",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
]

MIDDLEWARE = [
    "dealer_crm.middleware.ForwardedAddress",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "dealer_crm.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "dealer_crm.journal.middleware.RememberOrigin",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dealer_crm.ui.middleware.HtmxAnswers",
    "dealer_crm.access.middleware.DefaultDeny",
    "dealer_crm.access.middleware.OwnPasswordFirst",
    "dealer_crm.access.middleware.SecondFactorFirst",
    "axes.middleware.AxesMiddleware",
]

_loaders = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            # Partials outermost (they read "page.html#name"), then the cache, then components and files.
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    _loaders if DEBUG else [("django.template.loaders.cached.Loader", _loaders)],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "dealer_crm.ui.templatetags.ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
COTTON_DIR = "components"
FORM_RENDERER = "dealer_crm.ui.forms.TablerRenderer"
CSRF_FAILURE_VIEW = "dealer_crm.ui.views.csrf_failure"

# ── What it keeps ────────────────────────────────────────────────────────────────────────────────────────────────────
_DATABASE = env.db_url_config(DATABASE_URL)
_GIVEN = _DATABASE.get("OPTIONS", {})
# A page shows fifty rows of a million. Planned as if all were wanted, its query is compiled (jit) or gets a cache laid
# out for each table joined (memoize): 20 ms to half a second before the first row, measured with a million orders.
_PLAIN_PLANS = "-c jit=off -c enable_memoize=off"
DATABASES = {
    "default": {
        **_DATABASE,
        "OPTIONS": {**_GIVEN, "options": f"{_GIVEN.get('options', '')} {_PLAIN_PLANS}".strip()},
        # A new connection for every request is ten times slower (spec measured.md).
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=600),
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Per process on purpose: it holds only what can be computed again, and a broker that is down must not fail a page.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 2000}}}

MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
"""Uploads. Never served by the web server: a view with a permission hands them out."""
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000  # a year of targets for fifty people: goal and floor of twelve months each

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static" / "dist"]
# Hashed and compressed files need `collectstatic`; a machine of our own serves them straight from where they are built.
WHITENOISE_USE_FINDERS = LOCAL
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# ── Who comes in ─────────────────────────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "organization.Staff"
AUTHENTICATION_BACKENDS = [
    "dealer_crm.access.backends.NoDemoPassword",
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "django.contrib.auth.password_validation.MinimumLengthValidator",
        "django.contrib.auth.password_validation.CommonPasswordValidator",
        "django.contrib.auth.password_validation.NumericPasswordValidator",
        "dealer_crm.access.backends.AnotherPassword",
    )
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"

SESSION_COOKIE_AGE = env.int("SESSION_HOURS", default=10) * 3600
"""One working day; closing the browser ends it earlier."""
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Five wrong passwords for one name from one address lock that pair; the right owner elsewhere still gets in.
AXES_FAILURE_LIMIT = env.int("SIGN_IN_ATTEMPTS", default=5)
AXES_COOLOFF_TIME = timedelta(minutes=env.int("SIGN_IN_LOCKED_MINUTES", default=15))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "dealer_crm.access.backends.name_to_lock"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "access/locked_out.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "Dealer CRM"
SECOND_FACTOR = env.bool("SECOND_FACTOR", default=not LOCAL)
"""Whether finance, director and admin must give a second factor."""

# ── What the browser is told ─────────────────────────────────────────────────────────────────────────────────────────
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600

# ── Language and time ────────────────────────────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "dealer_crm" / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["dealer_crm.ui.formats"]
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Shanghai")

# ── HTTP API ─────────────────────────────────────────────────────────────────────────────────────────────────────────
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["dealer_crm.rest.permissions.DeclaredPermission"],
    "DEFAULT_PAGINATION_CLASS": "dealer_crm.rest.paging.NewestFirst",
    "PAGE_SIZE": 50,
    "DEFAULT_FILTER_BACKENDS": [
        "dealer_crm.rest.filters.OfStore",
        "django_filters.rest_framework.DjangoFilterBackend",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "EXCEPTION_HANDLER": "dealer_crm.rest.problems.problem_response",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Dealer CRM",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENABLE_DJANGO_DEPLOY_CHECK": False,  # `manage.py schema --check` looks more closely
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    # The same field name means different words in different apps; each set of words keeps its own name.
    "ENUM_NAME_OVERRIDES": {
        "Channel": "reception.choices.Channel",
        "CustomerKind": "reception.choices.CustomerKind",
        "CustomerLevel": "reception.choices.CustomerLevel",
        "OrderKind": "reception.choices.OrderKind",
        "OrderState": "reception.choices.OrderState",
        "OrderLineKind": "reception.choices.LineKind",
        "ArticleKind": "reception.choices.ARTICLE_CHOICES",
        "Payer": "reception.choices.Payer",
        "PayingParty": "reception.choices.PAYING_CHOICES",
        "WaitReason": "reception.choices.WaitReason",
        "AppointmentWay": "reception.choices.AppointmentWay",
        "AnswerWay": "reception.choices.AnswerWay",
        "MarkKind": "reception.choices.MarkKind",
        "JobState": "workshop.choices.JobState",
        "PauseReason": "workshop.choices.PauseReason",
        "InspectionLevel": "workshop.choices.InspectionLevel",
        "CallTaskState": "callback.choices.TaskState",
        "ContactCategory": "callback.choices.ContactCategory",
        "ServiceRequestKind": "callback.choices.RequestKind",
        "ServiceRequestState": "callback.choices.RequestState",
        "ServiceRequestSource": "callback.choices.RequestSource",
        "ServiceRequestProblem": "callback.choices.RequestProblem",
        "ActivityKind": "callback.choices.ActivityKind",
        "LeadSource": "callback.choices.VisitSource",
        "LeadLevel": "callback.choices.LeadLevel",
        "LostReason": "callback.choices.LostReason",
        "ComplaintCategory": "complaints.choices.Category",
        "ComplaintSource": "complaints.choices.ComplaintSource",
        "GoodwillKind": "complaints.choices.GoodwillKind",
        "CommissionChangeState": "commission.choices.ChangeState",
        "CommissionRunState": "commission.choices.RunState",
        "CommissionLineKind": "commission.choices.LineKind",
    },
}


# ── Work behind the page ─────────────────────────────────────────────────────────────────────────────────────────────
# Every value answers a measured loss (spec measured.md): without late acks a killed worker loses its task; with a
# visibility timeout below the longest task that task runs several times; with the stock throttle a lost task comes back
# after 100 s instead of 10.
def broker_address(redis_url: str) -> str:
    """The address of a Redis as Celery reads it: a unix socket has a scheme of its own there, and its database's number
    another name."""
    if not redis_url.startswith("unix://"):
        return redis_url
    return redis_url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)


CELERY_BROKER_URL = broker_address(REDIS_URL)
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_TASK_SOFT_TIME_LIMIT = 28 * 60
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 60 * 60,
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "socket_connect_timeout": 2,
    "health_check_interval": 30,
    # Who publishes does not try again, with seconds between, while somebody waits for a page: the next sweep makes up.
    "max_retries": 0,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat" / "schedule")
CELERY_BEAT_MAX_LOOP_INTERVAL = 30

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# ── What it says ─────────────────────────────────────────────────────────────────────────────────────────────────────
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="dealer-crm@localhost")
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)


def carrier_said(variable: str, default: str, *known: str) -> str:
    """Which carrier the environment names for a channel; a slip of the pen stops the program at its start."""
    said = env.str(variable, default=default)
    if said not in known:
        raise ImproperlyConfigured(f"{variable} is {said!r}; it can be {', '.join(known)}")
    return said


def channel_by_phone(name: str) -> dict:
    """What a channel to phones (SMS, WECHAT) is given to: an HTTP gateway when its address is set; on a machine of our
    own the console; else nobody."""
    url = env.str(f"{name}_GATEWAY_URL", default="")
    return {
        "carrier": carrier_said(
            f"{name}_CHANNEL", "gateway" if url else "console" if LOCAL else "off", "gateway", "console", "off"
        ),
        "url": url,
        "account": env.str(f"{name}_GATEWAY_ACCOUNT", default=""),
        "secret": env.str(f"{name}_GATEWAY_SECRET", default=""),
        "timeout": env.int(f"{name}_GATEWAY_TIMEOUT", default=10),
    }


CHANNELS = {
    "sms": channel_by_phone("SMS"),
    "wechat": channel_by_phone("WECHAT"),
    "email": {
        "carrier": carrier_said(
            "EMAIL_CHANNEL", "email" if LOCAL or env.str("EMAIL_URL", default="") else "off", "email", "off"
        )
    },
}
LOG_LEVEL = env.str("LOG_LEVEL", default="WARNING" if DEMO else "INFO")


def without_trace(record) -> bool:
    """A page somebody may not open is one line, not a traceback: nothing broke."""
    if getattr(record, "status_code", None) == 403:
        record.exc_info = record.exc_text = None
    return True


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_trace": {"()": "django.utils.log.CallbackFilter", "callback": without_trace}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "django.request": {"filters": ["without_trace"]},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "axes": {"level": "WARNING"},
        # Scanners try names of all kinds; each is answered with 400 and is nobody's concern.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
