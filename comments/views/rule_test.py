"""The page that tries a rule on comments that people decided on. It changes nothing."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from comments import rule_test
from comments.models import Rule
from comments.screening.rulebook import BadRule
from fibroblog import limits

from .moderation import for_moderators, page


class RuleTestForm(forms.Form):
    form = forms.ChoiceField(
        label="What it is", choices=Rule.Form.choices, widget=forms.RadioSelect, initial=Rule.Form.PHRASE
    )
    text = forms.CharField(
        label="Words or pattern",
        max_length=300,
        error_messages={"required": "Write the words or the pattern to look for."},
        help_text="A star at a word’s end stands for any ending.",
    )


@require_safe
@for_moderators
def rule_test_page(request: HttpRequest) -> HttpResponse:
    form = RuleTestForm(request.GET if "text" in request.GET else None)
    outcome = None
    if form.is_valid():
        try:
            outcome = rule_test.run(Rule(**form.cleaned_data))
        except BadRule as problem:
            form.add_error("text", str(problem))
    context = {"form": form, "outcome": outcome, "most": limits.RULE_TEST_COMMENTS, "title": "Test a rule"}
    return page(request, "admin/comments/rule_test.html", context)
