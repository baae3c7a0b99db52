"""Series in the admin: one form for the series and its parts, one verb that stores both."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from fibroblog.admin_verbs import VerbAdmin

from . import series
from .models import Part, Series


class PartInline(admin.StackedInline[Part, Series]):
    model = Part
    extra = 2
    fields = ["article", "position"]


@admin.register(Series)
class SeriesAdmin(VerbAdmin[Series]):
    save_verb = series.save_series
    delete_verb = series.delete_series
    list_display = ["title", "slug", "description"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [PartInline]

    def save_model(self, request: HttpRequest, obj: Series, form: Any, change: bool) -> None:
        """Not yet: `save_formset` stores it together with its parts."""

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        parts = formset.save(commit=False)
        series.save_series(form.instance, parts=parts, gone=formset.deleted_objects)
