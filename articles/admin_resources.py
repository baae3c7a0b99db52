"""Books and resources in the admin, and on the page of the post that names them."""

from django import forms
from django.contrib import admin
from django.utils import timezone

from fibroblog.admin_verbs import VerbAdmin, VerbInline

from . import resources
from .isbn import normal
from .models import Article, Recommendation, Resource
from .plain_links import plain_link

OLDEST = 1450  # no printed book is older


class ResourceForm(forms.ModelForm[Resource]):
    # As typed: with hyphens and spaces it is longer than what is stored.
    isbn = forms.CharField(
        label="ISBN", required=False, max_length=30, help_text=Resource._meta.get_field("isbn").help_text
    )

    def clean_isbn(self) -> str:
        return normal(self.cleaned_data["isbn"])

    def clean_link(self) -> str:
        return plain_link(self.cleaned_data["link"])

    def clean_year(self) -> int | None:
        year: int | None = self.cleaned_data["year"]
        if year is not None and not OLDEST <= year <= timezone.localdate().year + 1:
            raise forms.ValidationError("Give the year as four digits, such as 2016.")
        return year


@admin.register(Resource)
class ResourceAdmin(VerbAdmin[Resource]):
    form = ResourceForm
    save_verb = resources.save_resource
    delete_verb = resources.delete_resources
    list_display = ["title", "kind", "authors", "year"]
    list_filter = ["kind"]
    search_fields = ["title", "authors", "isbn"]
    fields = ["kind", "title", "authors", "year", "publisher", "isbn", "link", "note"]


class RecommendationInline(VerbInline, admin.StackedInline[Recommendation, Article]):
    model = Recommendation
    save_verb = resources.recommend
    delete_verb = resources.stop_recommending
    extra = 1
    fields = ["resource", "position"]
