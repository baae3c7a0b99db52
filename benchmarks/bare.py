"""The bare Django that ratios refer to: R2 answers two bytes, R3 validates one field and inserts one row.

No middleware, no templates, no sessions. The server and the options of the database are the site's own.
"""

from pathlib import Path
from typing import ClassVar

import django
from django import forms
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect

from fibroblog import settings as site

if not settings.configured:
    settings.configure(
        SECRET_KEY="of no secret",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        DATABASES={
            "default": {**site.DATABASES["default"], "NAME": str(Path(site.DATA_DIR) / "bare.sqlite3")}
        },
    )
    django.setup()

from django.db import connection, models
from django.urls import path


class Line(models.Model):
    text = models.CharField(max_length=1_000)

    objects: ClassVar[models.Manager["Line"]] = models.Manager()

    class Meta:
        app_label = "bare"

    def __str__(self) -> str:
        return self.text


class LineForm(forms.Form):
    text = forms.CharField(max_length=1_000)


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def insert(request: HttpRequest) -> HttpResponse:
    form = LineForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    Line.objects.create(text=form.cleaned_data["text"])
    return HttpResponseRedirect("/")


urlpatterns = [path("", answer), path("insert", insert)]
application = WSGIHandler()


def create_table() -> None:
    if not connection.introspection.table_names():
        with connection.schema_editor() as schema:
            schema.create_model(Line)


if __name__ == "__main__":
    create_table()
