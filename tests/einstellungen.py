"""Settings of the test run: those of the project under a known environment, with cheap passwords.

Only DATABASE_URL is taken from outside, so that the suite also runs on PostgreSQL. A .env file is ignored.
"""

import os

os.environ |= {
    "ENV_DATEI": os.devnull,
    "SECRET_KEY": "only-for-tests",
    "DEBUG": "false",
    "DEMO": "false",
    "TLS": "false",
    "PROXY": "false",
    "STATIC_MANIFEST": "false",
    "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
    "EMAIL_URL": "memorymail://",
}
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")

from oberhausen_sozialplanung.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
