"""Studies, their numbers and the notices about them in the admin; and the inline by which a post weighs its studies.

Every change goes through a verb. A number is entered on its outcome's own page, where its group and time can be chosen.
"""

from functools import cached_property
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import label_for_field
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from simple_history.admin import SimpleHistoryAdmin

from fibroblog.admin_verbs import VerbAdmin, VerbInline

from . import crossref, evidence, notices
from .citations import plain_doi, plain_p, plain_pmid
from .models import Arm, Article, Notice, Outcome, Result, Study, TimePoint, Weighing

FILL = "_fill"  # the button's name


class StudyForm(forms.ModelForm[Study]):
    def clean_doi(self) -> str:
        return plain_doi(self.cleaned_data["doi"])

    def clean_pmid(self) -> str:
        return plain_pmid(self.cleaned_data["pmid"])

    def clean_registry(self) -> str:
        return "".join(str(self.cleaned_data["registry"]).split())

    def is_valid(self) -> bool:
        """Filling in saves nothing, so that somebody looks at it first."""
        return FILL not in self.data and super().is_valid()

    def full_clean(self) -> None:
        if FILL in self.data:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()


class Present(forms.BaseInlineFormSet[Any, Any, Any]):
    def rows(self) -> list[Any]:
        """What will be there after saving; the errors of single rows are shown already."""
        forms = [form for form in self.forms if form.is_valid() and form not in self.deleted_forms]
        return [form.instance for form in forms if form.has_changed() or form.instance.pk]


class ArmFormSet(Present):
    def clean(self) -> None:
        super().clean()
        if not any(self.errors):
            evidence.check_groups(self.instance, self.rows())


class ResultForm(forms.ModelForm[Result]):
    def clean_p(self) -> str:
        return plain_p(self.cleaned_data["p"])


class ResultFormSet(forms.BaseInlineFormSet[Any, Any, Any]):
    """Offers the groups and times of this outcome's study only; asked for once, not once a row."""

    @cached_property
    def offered(self) -> dict[str, QuerySet[Any]]:
        study = self.instance.study
        return {"arm": study.arms.all(), "against": study.arms.all(), "time": study.times.all()}

    @cached_property
    def choices(self) -> dict[str, list[tuple[Any, str]]]:
        return {
            name: [("", "–"), *((row.pk, str(row)) for row in rows)] for name, rows in self.offered.items()
        }

    def add_fields(self, form: ResultForm, index: int | None) -> None:
        super().add_fields(form, index)
        for name, rows in self.offered.items():
            field = cast("forms.ModelChoiceField[Any]", form.fields[name])
            field.queryset = rows
            field.choices = self.choices[name]


class WeighingFormSet(Present):
    """What the rows say together; a draft may leave a verdict open, a post that readers see may not."""

    def clean(self) -> None:
        super().clean()
        rows: list[Weighing] = self.rows()
        if sum(row.is_main for row in rows) > 1:
            raise ValidationError("A post is about one study; the others are the wider evidence.")
        if self.instance.status == Article.Status.PUBLISHED and not all(row.verdict for row in rows):
            raise ValidationError("Say of each study how much it helps and how sure we can be.")


class PartInline(VerbInline, admin.StackedInline[Any, Any]):
    """Rows on the page of what they belong to, stored as one change of the study.

    Without a script there is no “add another”, so blank rows stand ready; a row that stays blank is not stored.
    """

    extra = 1
    blank_at_first = 2

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return self.extra if obj else self.blank_at_first

    @classmethod
    def store(cls, parent: Any, *, saved: list[Any], removed: list[Any], **who: Any) -> None:
        study = parent if isinstance(parent, Study) else parent.study
        evidence.save_parts(study, saved=saved, deleted=removed)


class ArmInline(PartInline):
    model = Arm
    fields: ClassVar = ["name", ("randomised", "analysed"), ("is_comparison", "position")]
    formset = ArmFormSet


class TimeInline(PartInline):
    model = TimePoint
    fields: ClassVar = [("label", "weeks")]
    extra = 2
    blank_at_first = 3  # before, after, and later


class OutcomeInline(PartInline):
    model = Outcome
    fields: ClassVar = [("name", "better", "position")]
    show_change_link = True
    blank_at_first = 3
    verbose_name_plural = "Outcomes (save, then open one to enter its numbers)"


class ResultInline(PartInline):
    model = Result
    fields: ClassVar = [
        ("kind", "time"),
        ("arm", "against"),
        ("estimate", "sd"),
        ("low", "high"),
        ("p", "words"),
    ]
    form = ResultForm
    formset = ResultFormSet
    extra = 2  # a value in each of two groups
    verbose_name = "line of numbers"
    verbose_name_plural = "Numbers, as the source gives them"


class WeighingInline(PartInline):
    model = Weighing
    fields: ClassVar = [
        "study", ("is_main", "position"), ("size", "certainty"), "why", "happened",
        ("better_with", "better_without", "out_of"),
    ]  # fmt: skip
    formset = WeighingFormSet
    blank_at_first = 1
    verbose_name_plural = "Studies that this post weighs"

    @classmethod
    def store(cls, parent: Any, *, saved: list[Any], removed: list[Any], **who: Any) -> None:
        evidence.weigh(parent, saved=saved, removed=removed)


class NeedsALook(admin.SimpleListFilter):
    title = "state"
    parameter_name = "look"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "Needs a look"), ("done", "Looked at")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice]:
        if self.value() is None:
            return queryset
        return queryset.filter(looked_at__isnull=self.value() == "open")


@admin.register(Study)
class StudyAdmin(SimpleHistoryAdmin, VerbAdmin[Any]):
    form = StudyForm
    save_verb = evidence.save_study
    delete_verb = evidence.delete_studies
    list_display = ["title", "year", "design", "used_in", "state"]
    list_filter = ["design"]
    search_fields = ["title", "authors", "doi", "pmid", "registry"]
    inlines: ClassVar = [ArmInline, TimeInline, OutcomeInline]
    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}}
    change_form_template = "admin/articles/study_form.html"
    fieldsets = [
        (
            "Where it stands",
            {
                "fields": [
                    "doi", "title", "authors", "journal", ("year", "volume", "issue", "pages"), ("pmid", "registry"),
                    "url", "source",
                ]
            },
        ),
        (
            "What was done",
            {
                "fields": [
                    "design", "design_note", "blinding", ("participants", "analysed"),
                    ("studies_found", "studies_pooled"), "diagnosed", "intervention", "comparison",
                    "treatment_weeks", "harms", "funding",
                ]
            },
        ),
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Study]:
        return super().get_queryset(request).prefetch_related("notices", "weighings__article")

    @admin.display(description="Used in")
    def used_in(self, study: Study) -> str:
        return ", ".join(weighing.article.title for weighing in study.weighings.all()) or "–"

    @admin.display(description="State")
    def state(self, study: Study) -> str | SafeString:
        waiting = [notice for notice in study.notices.all() if notice.looked_at is None]
        if not waiting:
            return ", ".join(str(notice.get_kind_display()) for notice in study.notices.all()) or "–"
        address = reverse("admin:articles_notice_changelist")
        kinds = ", ".join(str(notice.get_kind_display()) for notice in waiting)
        return format_html('<a href="{}?look=open">{}: needs a look</a>', address, kinds)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        may = self.has_change_permission(request) if object_id else self.has_add_permission(request)
        if request.method == "POST" and FILL in request.POST and may:
            self.fill_in(request)
        context = {"can_fill": crossref.is_on(), **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def fill_in(self, request: HttpRequest) -> None:
        """Put what Crossref knows into the empty fields of what was typed; the page shows it, nothing is saved."""
        typed = request.POST.copy()
        try:
            known = evidence.fill_in(
                str(typed.get("doi", "")), {name: str(text) for name, text in typed.items()}
            )
        except crossref.NoAnswer as reason:
            self.message_user(request, str(reason), messages.WARNING)
            return
        typed.update(known)
        request.POST = typed  # type: ignore[assignment]  # Django's own setter takes it
        labels = ", ".join(str(label_for_field(name, Study, self)) for name in known)
        said = f"Filled in: {labels}." if known else "Nothing was empty, so nothing was filled in."
        self.message_user(request, f"{said} Nothing is saved yet: compare it with the paper, then save.")


@admin.register(Outcome)
class OutcomeAdmin(VerbAdmin[Any]):
    """Reached from its study's page, where outcomes are made."""

    save_verb = evidence.save_outcome
    delete_verb = evidence.delete_outcomes
    list_display = ["name", "measure", "study"]
    list_select_related = ["study"]
    search_fields = ["name", "measure", "study__title"]
    readonly_fields = ["of_study"]
    fields = ["of_study", ("name", "measure"), ("unit", "better"), ("scale_low", "scale_high", "position")]
    inlines: ClassVar = [ResultInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="Study")
    def of_study(self, outcome: Outcome) -> SafeString:
        address = reverse("admin:articles_study_change", args=[outcome.study_id])
        return format_html('<a href="{}">{}</a>', address, outcome.study)


@admin.register(Notice)
class NoticeAdmin(VerbAdmin[Notice]):
    save_verb = notices.save_notice
    delete_verb = notices.delete_notices
    list_display = ["__str__", "dated", "posts", "found_at", "looked_at"]
    list_filter = [NeedsALook, "kind"]
    fields = ["study", "kind", "doi", "dated", "looked_at", "looked_by"]
    readonly_fields = ["looked_at", "looked_by"]
    actions = ["look_at_selected"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        rows = super().get_queryset(request)
        return rows.select_related("study").prefetch_related("study__weighings__article")

    @admin.display(description="Posts that show it")
    def posts(self, notice: Notice) -> str:
        return ", ".join(weighing.article.title for weighing in notice.study.weighings.all()) or "–"

    @admin.action(description="Looked at: the posts say what they should", permissions=["change"])
    def look_at_selected(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        count = notices.look_at(queryset, by=cast("User", request.user))
        self.message_user(request, f"Looked at: {count}.", messages.SUCCESS)
