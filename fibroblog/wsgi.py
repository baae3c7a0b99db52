"""The WSGI entry point that the server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fibroblog.settings")

_django = get_wsgi_application()  # first: it makes the settings usable

from fibroblog.pagecache.files import PageFiles  # noqa: E402
from fibroblog.pagecache.layer import PageCache  # noqa: E402

application = PageCache(_django, files=PageFiles.here())
