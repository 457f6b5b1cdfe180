"""The product's own settings, strict: a missing template variable fails, and nothing of the machine leaks in."""

import os
from tempfile import mkdtemp

TEST_ENVIRONMENT = {
    "SECRET_KEY": "tests-only-tests-only-tests-only-tests-only-tests-only",
    "I2A_HMAC_KEY": "tests-only-fingerprints-tests-only",
    "EMAIL_URL": "smtp://127.0.0.1:2525",
    "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
    "I2A_HTTPS": "0",
    "I2A_DEMO": "1",
    "PYTHONTZPATH": "",
    "I2A_WITHDRAWALS_JOURNAL": f"{mkdtemp(prefix='i2a-journal-')}/withdrawals",
    "I2A_AUDIT_HEADS": f"{mkdtemp(prefix='i2a-audit-')}/heads",
    "I2A_FILES_DIR": mkdtemp(prefix="i2a-files-"),
}
os.environ.update(TEST_ENVIRONMENT)

from i2a.settings import *  # noqa: E402, F403
from i2a.settings import DATABASES, STORAGES, TEMPLATES  # noqa: E402

DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("I2A_TEST_DATABASE", "test_i2a")}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "INVALID %s"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}  # one per xdist worker
WHITENOISE_AUTOREFRESH = True  # there need not be a collected .local/static
