"""In the admin: which posts are due for another look, and what was put right in them."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from fibroblog.admin_verbs import VerbInline

from . import corrections
from .models import Article, Correction

# Django's own widget is a box with a calendar that only a mouse can use.
DAY: dict[str, Any] = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class ReviewFilter(admin.SimpleListFilter):
    title = "review"
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("overdue", "Review overdue"), ("none", "No day set")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        if self.value() == "overdue":
            return queryset.filter(pk__in=Article.objects.review_overdue())
        return queryset.filter(review_due_on=None) if self.value() == "none" else queryset


class CorrectionForm(forms.ModelForm[Correction]):
    def clean_made_on(self) -> Any:
        day = self.cleaned_data["made_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(
                "A correction cannot be made in the future. Choose today or an earlier day."
            )
        return day


class CorrectionInline(VerbInline, admin.StackedInline[Correction, Article]):
    model = Correction
    form = CorrectionForm
    save_verb = corrections.save_correction
    delete_verb = corrections.delete_corrections
    extra = 1
    fields = ["kind", "made_on", "text"]
    formfield_overrides: ClassVar = {
        models.DateField: DAY,
        models.CharField: {"widget": forms.Textarea(attrs={"rows": 3})},
    }


def check_days(form: forms.ModelForm[Article]) -> None:
    """Add to the form's errors what is wrong with the days of review."""
    last, due = form.cleaned_data.get("reviewed_on"), form.cleaned_data.get("review_due_on")
    if last and last > timezone.localdate():
        form.add_error("reviewed_on", "A review cannot have taken place in the future.")
    if last and due and due <= last:
        form.add_error("review_due_on", "The next review has to come after the last one.")
