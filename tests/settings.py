"""The site's own settings in a scratch folder, with what tests may not wait for made quick."""

import os
import tempfile

if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="fibroblog-tests-")
os.environ.setdefault("SECRET_KEY", "for tests only, the same in every run and long enough")
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ["ALLOW_HTTP"] = "1"

from fibroblog.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
AXES_ENABLED = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    # A file, as on a real site: a database in memory has one connection, and nothing could happen at the same moment.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "tests.sqlite3")}  # noqa: F405
