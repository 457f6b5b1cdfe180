"""A bare Django on the same database: its own middleware, no layout, the best index for each question.

It is what a page costs at least: session, user, one query, a small template. Our pages are measured against it.
"""

from i2a.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.floor.urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # allauth does not start without it
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "benchmarks" / "floor"],  # noqa: F405
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
