"""Posts, pictures, topics, authors and pages in the admin. Every change goes through a verb."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from js_asset import Media, Script
from simple_history.admin import SimpleHistoryAdmin

from fibroblog.admin_verbs import VerbAdmin

from . import evidence, glossary, images, publishing
from .models import Article, Author, GlossaryTerm, Page, Picture, Tag
from .study_admin import WeighingInline


class BodyAdmin(SimpleHistoryAdmin, VerbAdmin[Any]):
    """For models with a body: the editor's import map is inline, so the policy has to know it by its nonce."""

    class Media:
        js = (Script("js/body-editor.js", type="module"),)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj._history_user = request.user
        VerbAdmin.save_model(self, request, obj, form, change)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["media"] = with_nonce(context["media"], request)
        return super().render_change_form(request, context, *args, **kwargs)

    def render_history_view(
        self, request: HttpRequest, template: str, context: dict[str, Any], **kwargs: Any
    ) -> HttpResponse:
        if isinstance(context.get("adminform"), AdminForm):
            context["media"] = with_nonce(self.media + context["adminform"].media, request)
        return render(request, template, context, **kwargs)

    @transaction.atomic
    def history_form_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().history_form_view(request, *args, **kwargs)
        return response


def with_nonce(media: Any, request: HttpRequest) -> Media:
    return Media.from_media(media, nonce=str(request.csp_nonce))  # type: ignore[attr-defined]  # django-csp sets it


class NamedDateTime(AdminSplitDateTime):
    """Django's two fields for a moment, each with a name of its own for screen readers."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for widget, name in zip(self.widgets, ("Date", "Time"), strict=True):
            widget.attrs["aria-label"] = name


class ArticleForm(forms.ModelForm[Article]):
    def clean_key_points(self) -> str:
        points = [line.strip(" -•\t") for line in str(self.cleaned_data["key_points"]).splitlines()]
        points = [point for point in points if point]
        if len(points) > 7:
            raise forms.ValidationError(
                "More than seven key points are too many to be key. Keep three to five."
            )
        return "\n".join(points)

    def clean(self) -> dict[str, Any]:
        """A draft may lack anything but its title; a post that readers see may not."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("status") == Article.Status.PUBLISHED:
            written = {name: cleaned.get(name) or "" for name in ("finding", "key_points", "body")}
            written["body"] = images.complete(written["body"])
            sketch = Article(**written, text=strip_tags(written["body"]).strip())
            for name, sentence in publishing.missing(
                sketch, has_authors=bool(cleaned.get("authors"))
            ).items():
                if name not in self.errors:
                    self.add_error(name, sentence)
        return cleaned


@admin.register(Article)
class ArticleAdmin(BodyAdmin):
    form = ArticleForm
    save_verb = publishing.save_article
    delete_verb = publishing.delete_articles
    list_display = ["title", "state", "published_at", "updated_at"]
    list_filter = ["status", "tags", "authors"]
    search_fields = ["title", "finding"]
    date_hierarchy = "published_at"
    prepopulated_fields = {"slug": ["title"]}
    # Plain boxes and a plain list: the enhanced ones cannot be used by keyboard and screen reader alike.
    formfield_overrides: ClassVar = {
        models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple},
        models.DateTimeField: {"widget": NamedDateTime},
    }
    readonly_fields = ["preview"]
    inlines: ClassVar = [WeighingInline]
    actions = ["publish_selected", "unpublish_selected"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title",
                    "finding",
                    "authors",
                    "key_points",
                    "short_version",
                    "main_image",
                    "body",
                    "tags",
                ]
            },
        ),
        ("Publishing", {"fields": ["status", "published_at", "slug", "preview"]}),
    ]

    @admin.display(description="State")
    def state(self, article: Article) -> str:
        if article.status == Article.Status.DRAFT or article.published_at is None:
            return "Draft"
        if article.published_at > timezone.now():
            return f"Scheduled for {timezone.localtime(article.published_at):%A %-d %B %Y, %H:%M}"
        return "Published"

    @admin.display(description="Preview")
    def preview(self, article: Article) -> str | SafeString:
        if not article.pk:
            return "Save the post first; then you can look at it here."
        address = reverse("admin:articles_article_preview", args=[article.pk])
        return format_html('<a href="{}">Look at the post as it was last saved</a>', address)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        form.save_m2m = lambda: publishing.set_links(
            form.instance, authors=form.cleaned_data["authors"], tags=form.cleaned_data["tags"]
        )
        super().save_related(request, form, formsets, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        saved = formset.save(commit=False)
        evidence.weigh(form.instance, saved=saved, removed=formset.deleted_objects)
        formset.save_m2m()

    def get_urls(self) -> list[URLPattern]:
        preview = self.admin_site.admin_view(require_safe(self.preview_page))
        return [path("<int:pk>/preview/", preview, name="articles_article_preview"), *super().get_urls()]

    def preview_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = get_object_or_404(Article.objects.for_page(), pk=pk)
        if not self.has_view_permission(request, article):
            return TemplateResponse(request, "403.html", status=403)
        return TemplateResponse(request, "articles/article.html", {"article": article, "preview": True})

    @admin.action(description="Publish now", permissions=["change"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        count = publishing.publish(queryset)
        self.message_user(request, f"Published: {count}.", messages.SUCCESS)
        for article in queryset:
            lacks = publishing.missing(article, has_authors=article.authors.exists())
            if lacks:
                self.message_user(
                    request, f"“{article}” is not ready: {' '.join(lacks.values())}", messages.WARNING
                )

    @admin.action(description="Back to draft", permissions=["change"])
    def unpublish_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        count = publishing.unpublish(queryset)
        self.message_user(request, f"Back to draft: {count}.", messages.SUCCESS)


@admin.register(Page)
class PageAdmin(BodyAdmin):
    save_verb = publishing.save_page
    list_display = ["title", "slug", "updated_at"]
    fields = ["title", "body"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        return False

    def view_on_site(self, page: Page) -> str:
        return page.get_absolute_url()


@admin.register(Tag)
class TagAdmin(VerbAdmin[Tag]):
    save_verb = publishing.save_tag
    delete_verb = publishing.delete_tags
    list_display = ["name", "slug", "description"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    actions = ["merge_selected"]

    @admin.action(description="Merge into the first selected", permissions=["change"])
    def merge_selected(self, request: HttpRequest, queryset: QuerySet[Tag]) -> None:
        first, *others = queryset.order_by("name")
        if not others:
            self.message_user(request, "Tick two topics or more to merge them.", messages.WARNING)
            return
        publishing.merge_tags(others, into=first)
        self.message_user(request, f"Merged into “{first}”. Old addresses lead there.", messages.SUCCESS)


@admin.register(Author)
class AuthorAdmin(VerbAdmin[Author]):
    save_verb = publishing.save_author
    delete_verb = publishing.delete_authors
    list_display = ["name", "user"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Author | None = None) -> list[str]:
        """Who may speak under which name is for administrators to say."""
        return [] if request.user.is_superuser else ["user"]


class GlossaryTermForm(forms.ModelForm[GlossaryTerm]):
    def clean(self) -> dict[str, Any]:
        """No word can have two explanations, in whatever form."""
        cleaned = super().clean() or self.cleaned_data
        sketch = GlossaryTerm(word=cleaned.get("word", ""), other_forms=cleaned.get("other_forms", ""))
        wanted = {form.lower(): form for form in sketch.forms}
        for other in GlossaryTerm.objects.exclude(pk=self.instance.pk):
            for form in other.forms:
                if form.lower() in wanted:
                    raise forms.ValidationError(
                        f"“{wanted[form.lower()]}” is explained already, under “{other.word}”."
                    )
        return cleaned


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(VerbAdmin[GlossaryTerm]):
    form = GlossaryTermForm
    save_verb = glossary.save_term
    delete_verb = glossary.delete_terms
    list_display = ["word", "explanation"]
    search_fields = ["word", "other_forms", "explanation"]


class PictureForm(forms.ModelForm[Picture]):
    upload: images.Upload | None = None

    class Meta:
        model = Picture
        fields = ["file", "alt", "decorative", "caption", "credit"]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if "file" in self.changed_data and file:
            self.upload = images.read_upload(file)
        return file


@admin.register(Picture)
class PictureAdmin(VerbAdmin[Picture]):
    form = PictureForm
    delete_verb = images.delete_pictures
    list_display = ["thumbnail", "__str__", "caption", "added_at"]
    search_fields = ["alt", "caption"]
    readonly_fields = ["thumbnail", "address"]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list[Any], Any, Any, list[Any]]:
        """A picture inside a text is protected like one above it, and the page says by which post."""
        listed, counts, perms, protected = super().get_deleted_objects(objs, request)
        shown = [f"Post: {post}" for picture in objs for post in images.users_of(picture)]
        return listed, counts, perms, [*protected, *shown]

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        images.save_picture(obj, upload=form.upload)

    @admin.display(description="Picture")
    def thumbnail(self, picture: Picture) -> str | SafeString:
        if not picture.file or picture.pk is None:
            return "–"
        return format_html('<img class="thumbnail" src="{}" alt="">', picture.file.url)

    @admin.display(description="Address for the text")
    def address(self, picture: Picture) -> str:
        return picture.file.url if picture.pk else "Shown after saving."
