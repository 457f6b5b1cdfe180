"""Settings. What differs between machines is an environment variable; `.env.example` describes each one."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from i2a.held import HoldingConnection
from i2a.schedule import SCHEDULE

env = environ.Env()  # a missing variable without a default stops the start and is named
BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY")
I2A_HMAC_KEY = env.str("I2A_HMAC_KEY")  # e-mail fingerprints; survives a change of SECRET_KEY (R-CNS-06)
I2A_DEMO = env.bool("I2A_DEMO", False)
I2A_SITE_URL = env.str("I2A_SITE_URL", "http://127.0.0.1:8000")
I2A_APP_ROLE = env.str("I2A_APP_ROLE", "i2a_app")
I2A_AUDITOR_ROLE = env.str("I2A_AUDITOR_ROLE", "i2a_auditor")
I2A_PHONE = env.str("I2A_PHONE", "780-555-0100")  # the line's number, for public pages
I2A_LOGO = env.str("I2A_LOGO", "")
I2A_MAIL_SINK_DIR = env.str("I2A_MAIL_SINK_DIR", "")
I2A_FILES_DIR = env.str("I2A_FILES_DIR", str(BASE_DIR / ".local" / "files"))  # the PDFs of the library
# Withdrawals, beside the database: on another disk than it, and in no backup of it.
I2A_WITHDRAWALS_JOURNAL = env.str("I2A_WITHDRAWALS_JOURNAL", str(BASE_DIR / ".local" / "withdrawals" / "journal"))
# The heads of the seal over the audit: on another machine than the database they prove most.
I2A_AUDIT_HEADS = env.str("I2A_AUDIT_HEADS", str(BASE_DIR / ".local" / "audit" / "heads"))
I2A_AUDIT_MONTHS = env.int("I2A_AUDIT_MONTHS", 84)  # then a month of the audit is removed (L-06)
I2A_CONSENT_MONTHS = env.int("I2A_CONSENT_MONTHS", 24)  # an agreement lapses after so long without contact (N3)
I2A_READS_PER_HOUR = env.int("I2A_READS_PER_HOUR", 60)  # more contacts opened by one person are looked into (R-AUD-03)
I2A_READS_WITHOUT_WORK = env.int("I2A_READS_WITHOUT_WORK", 30)  # of one person in a day
I2A_REVIEW_SAMPLE = env.int("I2A_REVIEW_SAMPLE", 5)  # reads of each day that are looked into, picked by chance
I2A_TRUSTED_PROXIES = env.list("I2A_TRUSTED_PROXIES", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",  # its widget templates, for FORM_RENDERER
    "crispy_forms",
    "crispy_bootstrap5",
    "django_countries",
    "django_htmx",
    "audit",  # before auditlog: its auditlogflush is the one that refuses
    "auditlog",
    "guardian",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "i2a",
    "access",
    "contacts",
    "outbox",
    "outreach",
    "followups",
    "calls",
    "surveys",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "audit.middleware.RequestFactsMiddleware",
    "i2a.middleware.DemoClockMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "access.middleware.SessionTimeMiddleware",
    "access.middleware.SignInFirstMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "audit.middleware.ActorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "access.middleware.DeclaredPermissionMiddleware",
    "i2a.middleware.PrivatePagesMiddleware",
    "access.middleware.ConstraintErrorMiddleware",
]

ROOT_URLCONF = "i2a.urls"
WSGI_APPLICATION = "i2a.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "followups.context_processors.service_state",
                "calls.context_processors.open_draft",
                "contacts.context_processors.access_requests",
                "outbox.backlog.mail_alert",
                "i2a.context_processors.site",
                "access.context_processors.role_label",
                "access.context_processors.session_time",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def database_from(url: str) -> dict[str, Any]:
    """`postgres://role:password@host:port/name`, or `postgres://role@/name?host=/socket/dir`.

    The socket directory goes into HOST (not OPTIONS), so that `dbshell`, `pg_dump` and tests see where the server is.
    """
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or ""),
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": "-c idle_in_transaction_session_timeout=60000 -c statement_timeout=30000",
            "connection_factory": HoldingConnection,
        },
    }


DATABASES = {"default": database_from(env.str("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def redis_url(database: int) -> str:
    """The one REDIS_URL with another database number: 0 is the broker, 1 the cache."""
    parts = urlsplit(env.str("REDIS_URL"))
    first = int(parse_qs(parts.query).get("db", [parts.path.lstrip("/") if parts.scheme != "unix" else "0"])[0] or 0)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={first + database}"
    return parts._replace(path=f"/{first + database}", query="").geturl()


def broker_url() -> str:
    """The same server in the words of kombu, which spells a socket its own way."""
    url = redis_url(0)
    if not url.startswith("unix://"):
        return url
    path, number = url.removeprefix("unix://").split("?db=")
    return f"redis+socket://{path}?virtual_host={number}"


CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_url(1),
        # Two installations that share a server know different calendars, clocks and sign-ins.
        "KEY_PREFIX": "{HOST}/{NAME}".format_map(DATABASES["default"]),
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # a stopped Redis must sign nobody out (R-NFR-03)

CELERY_BROKER_URL = broker_url()
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # by default a worker ends itself after an hour without a broker
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 30,
    "unacked_restore_throttle": 1,  # by default a lost task comes back after 100 s only
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "max_retries": 1,  # a page waits for no broker
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_PUBLISH_RETRY = False  # the bell may be lost: the next tick finds the rows
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = SCHEDULE

EMAIL_CONFIG = environ.Env.email_url_config(env.str("EMAIL_URL") or "smtp://")
EMAIL_HOST = EMAIL_CONFIG["EMAIL_HOST"]
EMAIL_PORT = EMAIL_CONFIG["EMAIL_PORT"] or 25
EMAIL_HOST_USER = EMAIL_CONFIG["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = EMAIL_CONFIG["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = bool(EMAIL_CONFIG.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(EMAIL_CONFIG.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = env.float("I2A_MAIL_TIMEOUT", 10.0)  # seconds; the outbox lease is twelve times as long
I2A_MAIL_RATE = env.float("I2A_MAIL_RATE", 0.0)  # mails a second, over all senders; 0: as fast as they are taken
I2A_MAIL_CONNECTIONS = env.int("I2A_MAIL_CONNECTIONS", 4)  # to the mail server, over all senders; 0: no limit
# Where mail that could not be delivered comes back to; a demonstration simulates it. "": to the address of the sender.
I2A_BOUNCE_ADDRESS = env.str("I2A_BOUNCE_ADDRESS", "bounces@i2a.example.org" if I2A_DEMO else "")
I2A_BOUNCE_MAILBOX = env.str("I2A_BOUNCE_MAILBOX", "")  # imap+ssl://user:password@host/folder
I2A_BOUNCE_SECRET = env.str("I2A_BOUNCE_SECRET", "")  # a relay signs with it what it posts to /mail/returned/
I2A_PHONE_SECRET = env.str("I2A_PHONE_SECRET", "")  # the phone system signs with it what it posts to /phone/events/
I2A_PHONE_TEAM = env.str("I2A_PHONE_TEAM", "")  # whose line it is; "": the first team
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Immigrate to Alberta Information Service <info@i2a.example.org>")

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["access.backends.RoleBackend", "guardian.backends.ObjectPermissionBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "access.breached.BreachedPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = [
    "access.hashing.Argon2idHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of accounts made before; hashed anew at their next sign-in
]
I2A_BREACHED_PASSWORDS = env.str("I2A_BREACHED_PASSWORDS", "")
PASSWORD_RESET_TIMEOUT = 2 * 24 * 60 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

# Signing in by django-allauth, in our pages and with our limits (docs/decisions: sign-in).
ACCOUNT_ADAPTER = "access.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_EMAIL_VERIFICATION = "none"  # the register knows the work e-mail of everybody
ACCOUNT_RATE_LIMITS = False  # access.sign_in_limit counts in the database, which Redis may leave alone
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # every other session ends
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_ADAPTER = "access.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "access.forms.second_factor.CodeForm",
    "reauthenticate": "access.forms.second_factor.ConfirmByCodeForm",
    "activate_totp": "access.forms.second_factor.AppForm",
    "add_webauthn": "access.forms.second_factor.PasskeyForm",
    "login_webauthn": "access.forms.second_factor.PasskeyLoginForm",
    "authenticate_webauthn": "access.forms.second_factor.PasskeyStepForm",
    "reauthenticate_webauthn": "access.forms.second_factor.ConfirmByPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off; each code still works once
MFA_TOTP_ISSUER = "I2A call tracking"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not env.bool("I2A_HTTPS", True)  # http://localhost on one's own machine
# The department's identity provider, if there is one (docs/operations.md).
I2A_OIDC_URL = env.str("I2A_OIDC_URL", "")
I2A_OIDC_NAME = env.str("I2A_OIDC_NAME", "")
OIDC_PROVIDER = "department"
SOCIALACCOUNT_ADAPTER = "access.single_sign_on.DepartmentAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link: the page's policy lets no form lead to another host
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": OIDC_PROVIDER,
                "name": I2A_OIDC_NAME or "OpenID Connect",
                "client_id": env.str("I2A_OIDC_CLIENT", ""),
                "secret": env.str("I2A_OIDC_SECRET", ""),
                "settings": {"server_url": I2A_OIDC_URL},
            }
        ],
    }
}
USERSESSIONS_TRACK_ACTIVITY = False  # access.sessions knows it, without a write per page
ANONYMOUS_USER_NAME = None  # guardian's own "anonymous" user row is not wanted
SESSION_COOKIE_AGE = 10 * 60 * 60  # a working day

AUDITLOG_LOGENTRY_MODEL = "audit.LogEntry"
AUDITLOG_DISABLE_REMOTE_ADDR = True  # it believes a forged X-Forwarded-For (T-05); audit.middleware knows better
AUDITLOG_MASK_CALLABLE = "audit.masking.mask"

LANGUAGE_CODE = "en-ca"
LANGUAGES = [("en-ca", _("English")), ("fr-ca", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "America/Edmonton"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", str(BASE_DIR / ".local" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

HTTPS = env.bool("I2A_HTTPS", True)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, without the proxy
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if I2A_TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" makes browsers send "Origin: null", which CSRF must refuse
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True  # htmx gets the token from the page
CSRF_FAILURE_VIEW = "access.refusals.csrf_failure"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's own CSS draws its chevrons as data: images
        "connect-src": [SELF],
        "frame-src": [SELF],  # a mail as its receiver sees it, in a sandbox
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"nothing_of_surveys": {"()": "i2a.unlogged.NothingOfSurveys"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["nothing_of_surveys"]},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.server": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
