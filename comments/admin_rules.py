"""The rules that comments are screened by, in the admin: moderators write them. Saved and deleted through verbs only."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from simple_history.admin import SimpleHistoryAdmin

from fibroblog.admin_verbs import VerbAdmin

from . import rules
from .models import Rule
from .screening.rulebook import BadRule, ready


class RuleForm(forms.ModelForm[Rule]):
    class Meta:
        model = Rule
        fields = ["action", "form", "text", "language", "says", "note", "folds", "is_active"]
        widgets = {
            "text": forms.TextInput(attrs={"size": 60}),
            "says": forms.Textarea(attrs={"rows": 2, "cols": 60}),
            "note": forms.Textarea(attrs={"rows": 2, "cols": 60}),
        }
        help_texts = {
            "action": "What happens to a comment that holds the words. “Someone may be at risk” puts it on top of the "
            "queue and shows its writer the help lines; no rule ever publishes or declines.",
            "form": "Words are found whole, in this order, in capitals or not, with accents or not. A star at a "
            "word’s end stands for any ending: “sad*” finds sad, sadly, sadness.",
            "text": "A pattern sees the text as typed; capitals make no difference. It must not look back or forward "
            "(no “(?=”), so that no text can make it slow.",
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("text") and cleaned.get("form"):
            try:
                ready(Rule(form=cleaned["form"], text=cleaned["text"]))
            except BadRule as problem:
                self.add_error("text", str(problem))
        if cleaned.get("action") == Rule.Action.NUDGE and not cleaned.get("says"):
            self.add_error(
                "says", "Say in a kind sentence why the writer could think again, and what would help."
            )
        return cleaned


@admin.register(Rule)
class RuleAdmin(SimpleHistoryAdmin, VerbAdmin[Rule]):
    form = RuleForm
    logs_who = True
    save_verb = rules.save_rule
    delete_verb = rules.delete_rules
    list_display = ["text", "action", "form", "language", "is_active", "by"]
    list_filter = ["action", "language", "is_active", "form"]
    list_select_related = ["by"]
    search_fields = ["text", "note"]
    readonly_fields = ["try_it"]
    fields = ["action", "form", "text", "language", "says", "note", "folds", "is_active", "try_it"]

    @admin.display(description="Try it")
    def try_it(self, rule: Rule) -> SafeString:
        asked = f"?{urlencode({'form': rule.form, 'text': rule.text})}" if rule.pk else ""
        return format_html(
            '<a href="{}">{}</a>',
            reverse("rule-test") + asked,
            "See what it would have caught" if rule.pk else "Test words or a pattern before you save",
        )

    def save_model(self, request: HttpRequest, obj: Rule, form: Any, change: bool) -> None:
        obj._history_user = request.user  # type: ignore[attr-defined]  # read by simple_history
        super().save_model(request, obj, form, change)
