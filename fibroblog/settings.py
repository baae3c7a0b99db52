"""Django's settings: infrastructure from the environment, safe by default, refusing to start when unsafe."""

import os
import re
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from fibroblog import limits

django_stubs_ext.monkeypatch()

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # sessions, addresses and mail lie in there


def secret_key_of(folder: Path) -> str:
    """The key kept in the folder, made on the first start.

    Two processes may start at once: the file is linked into place whole, so both read the same key.
    """
    kept = folder / "secret_key"
    if not kept.exists():
        draft = folder / f"secret_key.{os.getpid()}.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            os.link(draft, kept)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return kept.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key_of(DATA_DIR)
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("SECRET_KEY is shorter than 32 characters. Leave it unset to have one made.")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

DEBUG = env.bool("DEBUG", default=False)

# Where we are -----------------------------------------------------------------------------------
SITE_NAME = env.str("SITE_NAME", default="Fibroblog")
HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
SITE_URL = env.str("SITE_URL", default=f"http://{HOST}:{PORT}").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname:
    raise ImproperlyConfigured("SITE_URL must look like https://example.org.")
HTTPS = _site.scheme == "https"
LOCAL = _site.hostname in {"127.0.0.1", "localhost", "::1", "0.0.0.0"}
if not HTTPS and not LOCAL and not env.bool("ALLOW_HTTP", default=False):
    raise ImproperlyConfigured(
        "SITE_URL is a public address without https. Use https, or set ALLOW_HTTP=1 for a closed network."
    )
if DEBUG and not LOCAL:
    raise ImproperlyConfigured("DEBUG shows secrets to every visitor: it is only for a local SITE_URL.")
ALLOWED_HOSTS = sorted(
    {_site.hostname, HOST, "127.0.0.1", "localhost", "[::1]"} - {"0.0.0.0", "::"}
) + env.list("EXTRA_HOSTS", default=[])

# The house --------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "articles",
    "comments",
    "fibroblog.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.forms",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_prose_editor",
    "simple_history",
    "imagekit",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    # Last: its admin replaces what the libraries registered.
    "fibroblog.apps.FibroblogConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads at random, so that sizes tell nothing of secrets
    "fibroblog.private.PrivateResponses",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "fibroblog.sound.SoundRequests",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "fibroblog.urls"
WSGI_APPLICATION = "fibroblog.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
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
                "fibroblog.context.site",
            ],
        },
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Database, cache, work in the background --------------------------------------------------------
DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'fibroblog.sqlite3'}"),
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: with NORMAL the newest commits may be lost when the power goes.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;",
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None  # to open the file anew costs as much as a small page
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    if env.str("DATABASE_REPLICA_URL", default=""):
        DATABASES["replica"] = DATABASES["default"] | env.db_url("DATABASE_REPLICA_URL")
        DATABASE_ROUTERS = ["fibroblog.replicas.Router"]
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}
if "redis" in CACHES["default"]["BACKEND"]:
    CACHES["default"]["BACKEND"] = "fibroblog.redis_cache.RedisCache"
    # Seconds: pages do not wait for a Redis that is away.
    CACHES["default"]["OPTIONS"] = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Where nginx on this host finds pages; every process that changes the blog has to know it. Off when unset.
PAGE_FILES = env.str("PAGE_FILES", default="")
if PAGE_FILES and not Path(PAGE_FILES).is_absolute():
    raise ImproperlyConfigured("PAGE_FILES must be the whole path of a folder, from / on.")

# Mail -------------------------------------------------------------------------------------------
MAIL_DIR = DATA_DIR / "mail"
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(MAIL_DIR)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{SITE_NAME} <noreply@{_site.hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "

# Whom to tell of a hole in the site's security: an address or a page; the contact page when unset ----
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")
if SECURITY_CONTACT and not SECURITY_CONTACT.startswith(("https://", "mailto:", "tel:")):
    if "@" not in SECURITY_CONTACT:
        raise ImproperlyConfigured("SECURITY_CONTACT is a mail address, or the https address of a page.")
    SECURITY_CONTACT = f"mailto:{SECURITY_CONTACT}"

# Akismet: off without a key -----------------------------------------------------------------------
AKISMET_KEY = env.str("AKISMET_KEY", default="")
AKISMET_URL = env.str("AKISMET_URL", default="https://rest.akismet.com/1.1/").rstrip("/") + "/"

# Crossref: off without a contact address -----------------------------------------------------------
CROSSREF_MAILTO = env.str("CROSSREF_MAILTO", default="")
if CROSSREF_MAILTO and not re.fullmatch(r"[!-?A-~]+@[!-?A-~]+", CROSSREF_MAILTO):
    raise ImproperlyConfigured("CROSSREF_MAILTO must be one plain mail address, such as editors@example.org.")
CROSSREF_URL = env.str("CROSSREF_URL", default="https://api.crossref.org").rstrip("/")
_crossref = urlsplit(CROSSREF_URL)
if not _crossref.hostname or not (
    _crossref.scheme == "https"
    or (_crossref.scheme == "http" and _crossref.hostname in {"127.0.0.1", "localhost", "::1"})
):
    raise ImproperlyConfigured("CROSSREF_URL must be https, or http on this very machine.")

# Files ------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "fibroblog.staticfiles.HashedFiles"},
}
# Lets the code be used before the static files were collected (tests, a first look).
WHITENOISE_USE_FINDERS = True
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
IMAGEKIT_CACHEFILE_DIR = "renditions"
IMAGEKIT_DEFAULT_CACHEFILE_STRATEGY = "articles.renditions.ByTheWorker"
DATA_UPLOAD_MAX_MEMORY_SIZE = limits.REQUEST_MAX_KILOBYTES * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000

# Language and time ------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

# Signing in -------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
PASSWORD_RESET_TIMEOUT = limits.INVITATION_DAYS * 24 * 3600
AXES_FAILURE_LIMIT = limits.LOGIN_ATTEMPTS
AXES_COOLOFF_TIME = limits.LOGIN_LOCK_MINUTES / 60
# Name and address together: nobody can lock a moderator out from elsewhere by typing their name.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "fibroblog.errors.locked_out"
AXES_CLIENT_IP_CALLABLE = "fibroblog.visit.network_address_of"
AXES_USERNAME_CALLABLE = "fibroblog.visit.login_name_of"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=False)
OTP_TOTP_ISSUER = SITE_NAME

# Headers ----------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],  # a nonce appears only on pages that ask for one: the editor
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS and env.bool("SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and env.bool("HSTS_INCLUDE_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = HTTPS and env.bool("HSTS_PRELOAD", default=True)
if limits.TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_PATH = "/admin/"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "fibroblog.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Logs: no comment's text, no address ------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        # The worker sets its loggers to INFO by itself; only a handler of their own keeps them quiet.
        "problems": {"class": "logging.StreamHandler", "formatter": "line", "level": "ERROR"},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "axes": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},  # a 404 is no fault of ours
        "django_tasks": {"handlers": ["problems"], "propagate": False},
        "django_tasks_db": {"handlers": ["problems"], "propagate": False},
    },
}
