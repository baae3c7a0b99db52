"""Discussions, comments and the log in the admin. Comments and log are read-only here: the queue decides."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from articles.admin import ArticleAdmin
from articles.models import Article
from fibroblog.admin_verbs import VerbAdmin, VerbInline

from . import (
    admin_reasons,  # noqa: F401  # registers the reasons and saved replies
    admin_rules,  # noqa: F401  # registers the rules
    delivery,
    log_export,
    moderation,
    reasons,
)
from .models import Comment, Decision, Discussion, Mail

BY_WHOM = ("by", admin.RelatedOnlyFieldListFilter)


class ReadOnly(admin.ModelAdmin[Any]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Comment)
class CommentAdmin(ReadOnly):
    list_display = ["public_id", "name", "article", "state", "created_at"]
    list_filter = ["state", "badge"]
    search_fields = ["name", "body", "public_id"]
    list_select_related = ["article"]
    date_hierarchy = "created_at"

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """A filter typed into the address must not spell out, letter by letter, what the page does not show."""
        hidden = lookup.partition("__")[0] in {"email", "network", "owner", "digest", "text_hash"}
        return not hidden and super().lookup_allowed(lookup, value, request)

    def get_fields(self, request: HttpRequest, obj: Comment | None = None) -> Any:
        fields = [
            "public_id",
            "article",
            "parent",
            "name",
            "body",
            "state",
            "badge",
            "revision",
            "created_at",
        ]
        # Addresses are for administrators only.
        return [*fields, "email", "card"] if request.user.is_superuser else [*fields, "card"]

    readonly_fields = ["card"]

    @admin.display(description="Decide")
    def card(self, comment: Comment) -> SafeString:
        return format_html('<a href="{}">Open its card</a>', reverse("queue-card", args=[comment.public_id]))


class ReasonGiven(admin.SimpleListFilter):
    """By the words of a reason, not by its code; reasons that were never given are not listed."""

    title = "reason"
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        labels = reasons.labels()
        given = Decision.log.exclude(reason="").values_list("reason", flat=True).distinct().order_by("reason")
        return [(code, labels.get(code, code)) for code in given]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Decision]) -> QuerySet[Decision]:
        return queryset.filter(reason=self.value()) if self.value() else queryset


@admin.register(Decision)
class DecisionAdmin(ReadOnly):
    """The moderation log: all that moderation changes. The site's settings are the administrators' business."""

    list_display = ["at", "who", "what", "change", "why", "comment_link", "undoes"]
    list_filter = ["what", "to", BY_WHOM, ReasonGiven, "at"]
    date_hierarchy = "at"
    list_select_related = ["by", "comment"]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """Who decided how much is for administrators: each row says who it was, but nobody is counted."""
        return [one for one in self.list_filter if request.user.is_superuser or one is not BY_WHOM]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Nor by an address that is typed."""
        of_whom = lookup.split("__")[0] in {"by", "by_id"}
        return (request.user.is_superuser or not of_whom) and super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        entries = Decision.log.with_labels()
        return entries if request.user.is_superuser else entries.exclude(what=Decision.What.SETTING)

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(require_safe(self.export))
        return [path("export/", export, name="comments_decision_export"), *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """All pages of the list, with its filters, as one file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            listed = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect("admin:comments_decision_changelist")
        response = StreamingHttpResponse(log_export.lines(listed), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="moderation-log.csv"'
        return response

    @admin.display(description="Who")
    def who(self, decision: Decision) -> str:
        return log_export.who(decision)

    @admin.display(description="Why")
    def why(self, decision: Decision) -> str:
        return log_export.why(decision)

    @admin.display(description="Change")
    def change(self, decision: Decision) -> str:
        return f"{decision.get_was_display()} → {decision.get_to_display()}"

    @admin.display(description="Comment")
    def comment_link(self, decision: Decision) -> str | SafeString:
        if decision.comment_id is None:
            return "–"
        if decision.comment is None:
            return "deleted"
        address = reverse("queue-card", args=[decision.comment.public_id])
        return format_html('<a href="{}">{}</a>', address, decision.comment.public_id)


@admin.register(Mail)
class MailAdmin(ReadOnly):
    """What went out, what waits, and what was given up. No addresses: the rows hold none."""

    list_display = ["created_at", "kind", "state", "attempts", "due_at", "problem"]
    list_filter = ["state", "kind"]
    date_hierarchy = "created_at"
    actions = ["send_again"]
    fields = ["kind", "state", "attempts", "due_at", "sent_at", "problem", "created_at", "comment"]

    @admin.action(description="Try again to send (only what was given up)", permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Mail]) -> None:
        count = delivery.try_again(list(queryset))
        self.message_user(request, f"Mails that the worker tries again: {count}.")


@admin.register(Discussion)
class DiscussionAdmin(VerbAdmin[Discussion]):
    logs_who = True
    save_verb = moderation.set_discussion
    delete_verb = moderation.reset_discussions
    list_display = ["article", "status", "closes_after_days"]
    list_filter = ["status"]
    list_select_related = ["article"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = Article.objects.visible()  # drafts are not a moderator's business
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Discussion | None = None) -> list[str]:
        return ["article"] if obj else []


class DiscussionInline(VerbInline, admin.StackedInline[Discussion, Article]):
    logs_who = True
    save_verb = moderation.set_discussion
    model = Discussion
    can_delete = False
    verbose_name = verbose_name_plural = "Comments on this post"
    template = "admin/one_inline.html"


class ArticleWithDiscussionAdmin(ArticleAdmin):
    """`articles` knows nothing of comments, so the discussion's row joins the article's page from here."""

    inlines: ClassVar = [*ArticleAdmin.inlines, DiscussionInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        return ["preview", "answer_comments"] if obj else ["preview"]

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        return [*fieldsets, ("Comments", {"fields": ["answer_comments"]})] if obj else fieldsets

    @admin.display(description="Answer")
    def answer_comments(self, article: Article) -> SafeString:
        address = reverse("comments-of", args=[article.pk])
        return format_html('<a href="{}">Read the comments on this post and answer</a>', address)


admin.site.unregister(Article)
admin.site.register(Article, ArticleWithDiscussionAdmin)
