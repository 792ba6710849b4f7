"""Settings, read from the environment and an optional .env file only.

.env.example describes every variable. A value that cannot be understood stops the start: a misspelt switch
must not quietly mean "off".
"""

import os
from email.utils import parseaddr
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(os.environ.get("ENV_DATEI", BASE_DIR / ".env"))


def schalter(name: str, *, default: bool) -> bool:
    """Read a switch; anything but true or false is refused."""
    text = env.str(name, default=str(default)).strip().lower()
    if text not in {"true", "false"}:
        raise ImproperlyConfigured(f"{name} muss true oder false sein, nicht „{text}“.")
    return text == "true"


def geheimer_schluessel(*, debug: bool) -> str:
    schluessel = env.str("SECRET_KEY", default="insecure-development-key" if debug else "")
    if not schluessel:
        raise ImproperlyConfigured(
            "SECRET_KEY fehlt. So erzeugen Sie einen Schlüssel für die Datei .env / create one with:\n"
            "  python3 -c \"import secrets; print('SECRET_KEY=' + secrets.token_urlsafe(50))\" >> .env"
        )
    return schluessel


# --- What kind of installation this is ----------------------------------------------------------------------

DEBUG = schalter("DEBUG", default=False)
DEMO = schalter("DEMO", default=False)
TLS = schalter("TLS", default=not DEBUG)
PROXY = schalter("PROXY", default=False)
SECRET_KEY = geheimer_schluessel(debug=DEBUG)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- Parts --------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "rules",
    "django_filters",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "allauth",
    "allauth.account",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # runserver leaves static files to WhiteNoise, as in production.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    # Last, because konten takes admin pages of the packages above away again.
    "oberhausen_sozialplanung.konten",
    "oberhausen_sozialplanung.seiten",
    "quartiere",
    "sozialindex",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "oberhausen_sozialplanung.seiten.middleware.rechte_des_browsers",
    "oberhausen_sozialplanung.seiten.middleware.nichts_aufbewahren",
    "oberhausen_sozialplanung.seiten.middleware.nur_saubere_anfragen",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "oberhausen_sozialplanung.konten.middleware.Anmeldepflicht",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "oberhausen_sozialplanung.urls"
WSGI_APPLICATION = "oberhausen_sozialplanung.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oberhausen_sozialplanung.seiten.context_processors.seite",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Main menu: title, URL name of the section's first page, what it is for. An entry whose URL name does
# not exist is not shown, so a part appears in the menu as soon as it is installed.
NAVIGATION = [
    ("Quartiere", "quartiere:liste", "Sozialräume und Quartiere mit ihren Zahlen, Stärken und Einrichtungen"),
    ("Sozialindex", "sozialindex:uebersicht", "Soziale Lage und ihre Veränderung im Vergleich der Quartiere"),
    ("Dialoge", "dialoge:liste", "Was Fachleute im Stadtteil sehen und empfehlen"),
    ("Strategiepapiere", "strategiepapiere:liste", "Beschlossene Ziele, Maßnahmen und ihr Stand"),
    ("Angebote", "quartiere:angebote", "Wer vor Ort was für wen anbietet"),
]

# --- Database and cache -------------------------------------------------------------------------------------

SQLITE_DATEI = BASE_DIR / "daten" / "sozialplanung.sqlite3"
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{SQLITE_DATEI}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A transaction that reads first and writes later fails under concurrent writers; IMMEDIATE waits.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Recursive triggers: without them INSERT OR REPLACE deletes a published run past its trigger.
        "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; "
        "PRAGMA recursive_triggers = ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database, because the throttling of the login must count over all processes.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "zwischenspeicher"}
}

# --- Accounts -----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "konten.Benutzer"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "oberhausen_sozialplanung.konten.backends.Anmeldung",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "seiten:start"
LOGOUT_REDIRECT_URL = "seiten:start"
SESSION_COOKIE_AGE = 12 * 60 * 60
ACCOUNT_ADAPTER = "oberhausen_sozialplanung.konten.adapter.KontenAdapter"
ACCOUNT_FORMS = {"login": "oberhausen_sozialplanung.konten.forms.AnmeldeForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# A reset request for an unknown address sends nothing and answers like one for a known address.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if TLS else "http"
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "20/m/ip,3/15m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(PROXY)

# --- Transport and browser ----------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = TLS
SECURE_REDIRECT_EXEMPT = [r"^gesund$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_HSTS_PRELOAD = TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = TLS
CSRF_COOKIE_SAMESITE = "Lax"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # data: for the small icons inside Bootstrap's style sheet, blob: for saving a chart as an image.
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
PERMISSIONS_POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"

# --- Files --------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATIC_MANIFEST = schalter("STATIC_MANIFEST", default=not DEBUG)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST
WHITENOISE_AUTOREFRESH = not STATIC_MANIFEST
WHITENOISE_ALLOW_ALL_ORIGINS = False
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / "daten" / "dateien")))
MAX_UPLOAD_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# A delivery may have 1,000 columns, and the mapping has three fields per column.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o640

# --- E-mail, language, log ----------------------------------------------------------------------------------

EMAIL_CONFIG = env.email_url(
    "EMAIL_URL", default="consolemail://" if DEBUG or DEMO else "smtp://localhost:25"
)
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="sozialplanung@localhost")
if "@" not in parseaddr(DEFAULT_FROM_EMAIL)[1]:
    raise ImproperlyConfigured("DEFAULT_FROM_EMAIL muss eine E-Mail-Adresse sein.")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
LANGUAGE_CODE = "de"
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True
# Would break years and number inputs; seiten/templatetags/darstellung.py formats figures.
USE_THOUSAND_SEPARATOR = False
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Neither addresses of visitors nor account names: time, level, logger and message only.
    "formatters": {"zeile": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"ohne_aufrufliste": {"()": "oberhausen_sozialplanung.seiten.protokoll.OhneAufrufliste"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "zeile",
            "filters": ["ohne_aufrufliste"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Django's own handlers (coloured console, mail to admins) are replaced by the one above.
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
