"""Every setting, from the environment, with safe defaults. `docs/how-to/serve.md` lists them for the person who runs the site."""

from __future__ import annotations

import os
from pathlib import Path

import nhsuk_frontend_jinja
from csp.constants import NONE, SELF

from oneworkforce.website.database import database
from oneworkforce.website.keys import secret_key
from oneworkforce.website.logs import logging_settings

PACKAGE = Path(__file__).resolve().parents[1]


def _on(name: str, default: str = "") -> bool:
    return os.environ.get(name, default).lower() in {"1", "yes", "true", "on"}


def _list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


# Where everything of this installation is kept
ONEWORKFORCE_HOME = Path(os.environ.get("ONEWORKFORCE_HOME", "oneworkforce-home")).resolve()
ONEWORKFORCE_UPLOAD_LIMIT = int(os.environ.get("ONEWORKFORCE_UPLOAD_LIMIT", 500 * 1024 * 1024))

DEBUG = _on("ONEWORKFORCE_DEBUG")
SECRET_KEY = os.environ.get("ONEWORKFORCE_SECRET_KEY") or secret_key(ONEWORKFORCE_HOME)
SECRET_KEY_FALLBACKS = _list("ONEWORKFORCE_SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = _list("ONEWORKFORCE_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = _list("ONEWORKFORCE_ORIGINS")
HTTPS = _on("ONEWORKFORCE_HTTPS")

INSTALLED_APPS = [
    "oneworkforce.website",
    "oneworkforce.planning",
    "oneworkforce.workforce",
    "oneworkforce.partners",
    "oneworkforce.accounts",
    "oneworkforce.jobs",
    "oneworkforce.audit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]
INSTALLED_APPS = [
    app for app in INSTALLED_APPS if not app.startswith("oneworkforce.") or (PACKAGE / app.split(".")[1] / "apps.py").exists()
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "oneworkforce.website.middleware.upload_limit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "oneworkforce.website.middleware.working_as",
    "oneworkforce.website.middleware.RefusalsAsPages",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "oneworkforce.website.urls"
WSGI_APPLICATION = "oneworkforce.website.wsgi.application"
SITE_NAME = "One Workforce"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            PACKAGE / "website" / "templates",
            *sorted(path for path in PACKAGE.glob("*/templates") if path.parent.name != "website"),
            Path(nhsuk_frontend_jinja.__file__).parent / "templates",
        ],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "oneworkforce.website.jinja.environment",
            "context_processors": ["django.contrib.messages.context_processors.messages", "oneworkforce.website.jinja.page"],
        },
    },
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {}},  # third parties' own, such as e-mails
]

# The database
DATABASES = {"default": database(os.environ.get("ONEWORKFORCE_DATABASE_URL", ""), ONEWORKFORCE_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Signing in
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "oneworkforce.accounts.adapter.ByInvitation"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation reaches a person by e-mail, which proves the address
ACCOUNT_SESSION_REMEMBER = False
PASSWORD_RESET_TIMEOUT = 60 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "One Workforce: "
ACCOUNT_RATE_LIMITS = {"login_failed": False, "login": False}  # axes locks out, across processes
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "oneworkforce.accounts.adapter.axes_username"
AXES_LOCKOUT_CALLABLE = "oneworkforce.website.errors.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "oneworkforce.website.errors.expired_form"

# What a browser may do with a page
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _on("ONEWORKFORCE_BEHIND_PROXY") else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# E-mail: printed to the console unless a server is named
EMAIL_HOST = os.environ.get("ONEWORKFORCE_EMAIL_HOST", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PORT = int(os.environ.get("ONEWORKFORCE_EMAIL_PORT", 587))
EMAIL_HOST_USER = os.environ.get("ONEWORKFORCE_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("ONEWORKFORCE_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = _on("ONEWORKFORCE_EMAIL_TLS", "yes")
DEFAULT_FROM_EMAIL = os.environ.get("ONEWORKFORCE_EMAIL_FROM", "One Workforce <no-reply@localhost>")

# Files
STATIC_URL = "/static/"
STATICFILES_DIRS = sorted(PACKAGE.glob("*/static"))
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MAX_AGE = 0 if DEBUG else 86_400  # addresses carry the file's version, see website.jinja.static
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]  # never a whole file in memory
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True
DATE_FORMAT = "j F Y"

LOGGING = logging_settings(as_json=_on("ONEWORKFORCE_LOG_JSON"), level=os.environ.get("ONEWORKFORCE_LOG_LEVEL", "INFO"))
