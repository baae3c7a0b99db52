"""The site's own pages: put in place by a migration that never costs an editor's work."""

import importlib
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from articles import publishing
from articles.models import Page
from articles.rendering import sanitise

pytestmark = pytest.mark.django_db
migration: Any = importlib.import_module("articles.migrations.0002_site_pages")
renewal: Any = importlib.import_module("articles.migrations.0004_pages_of_the_conversation")
later: Any = importlib.import_module("articles.migrations.0007_privacy_of_aids_and_desk")
EDITOR: Any = SimpleNamespace(connection=SimpleNamespace(alias="default"))


def test_a_new_site_has_its_five_pages() -> None:
    assert {page.slug: page.title for page in Page.objects.all()} == {
        slug: title for slug, title, body in migration.PAGES
    }
    assert set(Page.objects.values_list("slug", flat=True)) == {
        "about", "contact", "comment-policy", "privacy", "accessibility",
    }  # fmt: skip


@pytest.mark.parametrize("slug", renewal.CHANGES)
def test_every_renewed_sentence_found_the_one_it_replaces(slug: str) -> None:
    later.go_back(apps, EDITOR)
    first, now = renewal.text_of(slug)
    assert Page.objects.get(slug=slug).body == now == sanitise(now)
    for old, new in renewal.CHANGES[slug]:
        assert first.count(old) == 1, old
        assert new in now


def test_the_privacy_page_says_what_the_aids_and_the_desk_keep() -> None:
    before, now = later.text_of_privacy()
    for old, new in later.CHANGES:
        assert before.count(old) == 1, old
        assert new in now
    assert Page.objects.get(slug="privacy").body == now == sanitise(now)
    later.go_back(apps, EDITOR)
    assert Page.objects.get(slug="privacy").body == before


def test_a_page_in_an_editors_words_is_not_renewed() -> None:
    page = Page.objects.get(slug="privacy")
    page.body = "<p>Ours.</p>"
    publishing.save_page(page)
    for each in (later.go_back, renewal.go_back, renewal.renew, later.renew):
        each(apps, EDITOR)
    assert Page.objects.get(slug="privacy").body == "<p>Ours.</p>"
    assert Page.objects.get(slug="comment-policy").body == renewal.text_of("comment-policy")[1]


@pytest.mark.parametrize(
    ("slug", "title", "body"), migration.PAGES, ids=[page[0] for page in migration.PAGES]
)
def test_its_first_text_is_one_that_the_editor_could_have_stored(slug: str, title: str, body: str) -> None:
    assert sanitise(body) == body


def test_every_address_in_the_pages_leads_somewhere(client: Client) -> None:
    for page in Page.objects.all():
        for address in re.findall(r'href="(/[^"]*)"', page.body):
            assert client.get(address).status_code == 200, (page.slug, address)


def test_running_it_again_changes_nothing() -> None:
    page = Page.objects.get(slug="about")
    page.body = "<p>Ours.</p>"
    publishing.save_page(page)
    migration.add_pages(apps, EDITOR)
    assert Page.objects.count() == 5
    assert Page.objects.get(slug="about").body == "<p>Ours.</p>"


def test_going_back_takes_only_pages_that_nobody_touched() -> None:
    page, renamed = Page.objects.get(slug="about"), Page.objects.get(slug="privacy")
    page.body = "<p>Ours.</p>"
    publishing.save_page(page)
    renamed.title = "Your data"
    publishing.save_page(renamed)
    later.go_back(apps, EDITOR)
    renewal.go_back(apps, EDITOR)
    migration.remove_untouched_pages(apps, EDITOR)
    assert set(Page.objects.values_list("slug", flat=True)) == {"about", "privacy"}
    migration.add_pages(apps, EDITOR)
    assert Page.objects.count() == 5


def test_a_page_saved_without_a_change_still_counts_as_untouched() -> None:
    publishing.save_page(Page.objects.get(slug="about"))
    later.go_back(apps, EDITOR)
    renewal.go_back(apps, EDITOR)
    migration.remove_untouched_pages(apps, EDITOR)
    assert not Page.objects.exists()
