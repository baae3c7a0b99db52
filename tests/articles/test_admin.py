"""Editors at work: posts, topics, authors and pages in the admin, where every change goes through a verb."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import publishing
from articles.models import Article, Author, FormerSlug, Page, Picture, Tag
from fibroblog import pages
from tests.conftest import signed_in
from tests.factories import make_article, make_author, make_picture, make_tag

pytestmark = pytest.mark.django_db
ADD = "/admin/articles/article/add/"
LIST = "/admin/articles/article/"
KINDS = ["article", "tag", "author", "picture", "page"]


def change(thing: Article | Page | Tag | Author | Picture) -> str:
    return reverse(f"admin:articles_{thing._meta.model_name}_change", args=[thing.pk])


def article_form(author: Author, **fields: Any) -> dict[str, Any]:
    return {
        "title": "Does heat help?",
        "finding": "It probably helps a little.",
        "authors": [author.pk],
        "key_points": " - One point\n\n• Another\n",
        "main_image": "",
        "body": "<p>The story.</p>",
        "tags": [],
        "status": "draft",
        "published_at_0": "",
        "published_at_1": "",
        "slug": "heat",
        "weighings-TOTAL_FORMS": "0",
        "weighings-INITIAL_FORMS": "0",
        "discussion-TOTAL_FORMS": "0",
        "discussion-INITIAL_FORMS": "0",
        **fields,
    }


def errors_of(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(re.findall(r'<ul class="errorlist[^>]*>(.*?)</ul>', response.content.decode(), re.DOTALL))


@pytest.fixture
def desk(editor: User) -> Client:
    return signed_in(editor)


def test_an_editor_writes_a_post(desk: Client, editor: User) -> None:
    author, tag = make_author(), make_tag()
    response = desk.post(
        ADD, article_form(author, tags=[tag.pk], body="<p onclick='x'>Warm.</p><script>x</script>")
    )
    assert response.status_code == 302
    post = Article.objects.get()
    assert (post.status, post.published_at) == ("draft", None)
    assert post.body == "<p>Warm.</p>"
    assert post.points == ["One point", "Another"]
    assert (list(post.authors.all()), list(post.tags.all())) == ([author], [tag])
    assert post.history.get().history_user == editor
    assert pages.version_of(f"article:{post.pk}") > 0


def test_sending_a_new_post_twice_makes_one(desk: Client) -> None:
    form = article_form(make_author())
    desk.post(ADD, form)
    assert "already exists" in errors_of(desk.post(ADD, form))
    assert Article.objects.count() == 1


def test_opening_the_forms_changes_nothing(desk: Client, article: Article) -> None:
    before = pages.version_of("site"), article.history.count()
    for path in (ADD, LIST, change(article), f"{LIST}{article.pk}/history/", f"{LIST}{article.pk}/delete/"):
        assert desk.get(path).status_code == 200, path
    assert (pages.version_of("site"), article.history.count()) == before
    assert Article.objects.get() == article


@pytest.mark.parametrize("kind", KINDS)
def test_strangers_and_moderators_cannot_touch_what_editors_write(
    client: Client, moderator: User, kind: str
) -> None:
    for path in (f"/admin/articles/{kind}/", f"/admin/articles/{kind}/add/"):
        answer = client.post(path, {"action": "delete_selected"})
        assert (answer.status_code, answer.headers["Location"][:13]) == (302, "/admin/login/")
        assert signed_in(moderator).get(path).status_code == 403
        assert signed_in(moderator).post(path, {"name": "x", "slug": "x"}).status_code == 403
    assert not Tag.objects.exists()


def test_a_moderator_cannot_change_a_post(moderator: User, article: Article) -> None:
    client = signed_in(moderator)
    for path in (change(article), f"{LIST}{article.pk}/delete/", f"{LIST}{article.pk}/history/"):
        assert client.post(path, article_form(make_author())).status_code == 403, path
    article.refresh_from_db()
    assert article.title != "Does heat help?"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"key_points": "\n".join("12345678")}, "More than seven key points are too many to be key."),
        ({"status": "published", "key_points": " - \n• "}, "Write the key points"),
        ({"status": "published", "finding": ""}, "Say in one plain sentence"),
        ({"title": ""}, "required"),
        ({"status": "published", "authors": []}, "Say who wrote it."),
        ({"status": "published", "body": "<p>   </p>" + " " * 20}, "Write the story."),
        ({"slug": "no spaces"}, "valid"),
        ({"body": "<ul><li>" * 100}, "nested too deeply"),
        ({"body": "x" * 100_001}, "Split it into two posts"),
        ({"status": "seen"}, "valid choice"),
    ],
)
def test_a_wrong_form_says_what_is_wrong_and_loses_no_word(
    desk: Client, fields: dict[str, Any], sentence: str
) -> None:
    form = article_form(make_author(), **{"body": "<p>Hours of work.</p>", **fields})
    response = desk.post(ADD, form)
    assert sentence in errors_of(response)
    shown = response.content.decode()
    assert form["body"][:20].replace("<", "&lt;").replace(">", "&gt;") in shown
    assert not Article.objects.exists()


def test_a_draft_may_be_saved_with_nothing_but_its_title(desk: Client) -> None:
    empty = {"finding": "", "key_points": "", "body": "", "authors": []}
    assert desk.post(ADD, article_form(make_author(), **empty)).status_code == 302
    assert not Article.objects.get().is_visible


def test_what_is_not_ready_is_not_published_in_bulk_and_named(desk: Client) -> None:
    draft = make_article(status=Article.Status.DRAFT, key_points="", title="Half done")
    fields = {"action": "publish_selected", "_selected_action": draft.pk}
    text = desk.post(LIST, fields, follow=True).content.decode()
    assert "“Half done” is not ready: Write the key points" in text
    draft.refresh_from_db()
    assert draft.status == Article.Status.DRAFT


def test_a_new_address_leads_old_links_to_the_post(client: Client, desk: Client, article: Article) -> None:
    old = article.get_absolute_url()
    form = article_form(
        make_author(), status="published", published_at_0="01/03/2026", published_at_1="08:00"
    )
    assert desk.post(change(article), form).status_code == 302
    assert client.get(old).headers["Location"] == "/articles/heat/"


def test_a_time_to_come_schedules_the_post(desk: Client, client: Client) -> None:
    form = article_form(
        make_author(), status="published", published_at_0="04/03/2026", published_at_1="07:05"
    )
    desk.post(ADD, form)
    assert "Scheduled for Wednesday 4 March 2026, 07:05" in desk.get(LIST).content.decode()
    assert client.get("/articles/heat/").status_code == 404


def test_the_list_says_how_each_post_stands(desk: Client) -> None:
    make_article(title="Seen")
    make_article(title="Unseen", status=Article.Status.DRAFT)
    states = re.findall(r"field-state[^>]*>([^<]+)<", desk.get(LIST).content.decode())
    assert sorted(states) == ["Draft", "Published"]


@pytest.mark.parametrize(
    ("action", "says", "visible"),
    [("publish_selected", "Published: 1.", 2), ("unpublish_selected", "Back to draft: 1.", 0)],
)
def test_posts_are_published_and_taken_back_from_the_list(
    desk: Client, article: Article, action: str, says: str, visible: int
) -> None:
    draft = make_article(status=Article.Status.DRAFT)
    form = {"action": action, "_selected_action": [article.pk, draft.pk]}
    assert says in desk.post(LIST, form, follow=True).content.decode()
    assert Article.objects.visible().count() == visible
    again = desk.post(LIST, form, follow=True).content.decode()
    assert says.replace("1", "0") in again
    assert Article.objects.visible().count() == visible


@pytest.mark.parametrize("several", [True, False])
def test_deleting_posts_moves_their_stamps(desk: Client, article: Article, several: bool) -> None:
    name = f"article:{article.pk}"
    before = pages.version_of(name)
    if several:
        form = {"action": "delete_selected", "_selected_action": [article.pk], "post": "yes"}
        assert desk.post(LIST, form).status_code == 302
    else:
        assert desk.post(f"{LIST}{article.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Article.objects.exists()
    assert pages.version_of(name) > before


@pytest.mark.parametrize("page", ["add", "change", "history", "own page"])
def test_the_editors_import_map_carries_the_nonce_that_the_policy_names(
    desk: Client, article: Article, page: str
) -> None:
    row = article.history.first()
    assert row is not None
    path = {
        "add": ADD,
        "change": change(article),
        "history": f"{LIST}{article.pk}/history/{row.pk}/",
        "own page": change(Page.objects.get(slug="about")),
    }[page]
    response = desk.get(path)
    text = response.content.decode()
    found = re.search(r'<script type="importmap" nonce="([^"]{16,})">(.*?)</script>', text, re.DOTALL)
    assert found, "the import map has no nonce: the editor's field would stay empty"
    nonce, imports = found.groups()
    assert f"'nonce-{nonce}'" in response.headers["Content-Security-Policy"]
    assert "django-prose-editor/editor" in json.loads(imports)["imports"]
    assert text.index('type="importmap"') < text.index('type="module"')
    inline = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", text)
    assert all(f'nonce="{nonce}"' in script for script in inline)
    assert nonce not in desk.get(path).content.decode()


@pytest.mark.parametrize("history", [False, True])
def test_the_editors_field_gets_its_accessible_name_wherever_it_stands(
    desk: Client, article: Article, history: bool
) -> None:
    # The library forgets the name; our script gives it.
    path = f"{LIST}{article.pk}/history/{article.history.get().pk}/" if history else change(article)
    assert "js/body-editor" in desk.get(path).content.decode()


def test_an_earlier_version_comes_back_through_the_verb(
    desk: Client, article: Article, editor: User, clock: time_machine.Traveller
) -> None:
    first = article.history.get()
    old_title, old_slug = article.title, article.slug
    article.title, article.slug = "A worse title", "worse"
    clock.shift(60)
    publishing.save_article(article)
    before = pages.version_of(f"article:{article.pk}")
    clock.shift(60)
    path = f"{LIST}{article.pk}/history/{first.pk}/"
    text = desk.get(path).content.decode()
    assert old_title in text
    form = article_form(
        make_author(),
        title=old_title,
        slug=old_slug,
        status="published",
        published_at_0="02/03/2026",
        published_at_1="09:00",
    )
    assert desk.post(path, form).status_code == 302
    article.refresh_from_db()
    assert (article.title, article.slug) == (old_title, old_slug)
    assert pages.version_of(f"article:{article.pk}") > before
    assert article.updated_at == timezone.now()
    newest = article.history.first()
    assert newest is not None
    assert newest.history_user == editor
    # The address it had in between keeps working too.
    assert FormerSlug.objects.get().slug == "worse"


def test_an_earlier_version_that_cannot_be_stored_changes_nothing(desk: Client, article: Article) -> None:
    row = article.history.get()
    response = desk.post(
        f"{LIST}{article.pk}/history/{row.pk}/", article_form(make_author(), body="<ul><li>" * 100)
    )
    assert response.status_code == 200
    assert "nested too deeply" in response.content.decode()
    assert article.history.count() == 1


def test_an_earlier_version_is_closed_to_moderators(moderator: User, article: Article) -> None:
    row = article.history.get()
    path = f"{LIST}{article.pk}/history/{row.pk}/"
    assert signed_in(moderator).get(path).status_code == 403
    assert signed_in(moderator).post(path, article_form(make_author())).status_code == 403
    assert article.history.count() == 1


def test_a_new_post_has_no_preview_yet_and_a_saved_one_links_to_it(desk: Client, article: Article) -> None:
    assert "Save the post first" in desk.get(ADD).content.decode()
    assert f'href="{LIST}{article.pk}/preview/"' in desk.get(change(article)).content.decode()


def test_the_sites_own_pages_are_changed_but_neither_added_nor_deleted(
    desk: Client, administrator: User, client: Client
) -> None:
    page = Page.objects.get(slug="about")
    before = pages.version_of("site")
    assert (
        desk.post(change(page), {"title": "About us", "body": "<p>We.</p><script>x</script>"}).status_code
        == 302
    )
    page.refresh_from_db()
    assert (page.title, page.body, page.slug) == ("About us", "<p>We.</p>", "about")
    assert pages.version_of("site") > before
    assert "About us" in client.get("/about/").content.decode()
    assert 'href="/about/"' in desk.get(change(page)).content.decode()
    boss = signed_in(administrator)
    assert boss.get("/admin/articles/page/add/").status_code == 403
    assert boss.post(f"/admin/articles/page/{page.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Page.objects.filter(pk=page.pk).exists()


def test_a_topic_is_added_and_renamed_through_the_verb(desk: Client, client: Client) -> None:
    desk.post("/admin/articles/tag/add/", {"name": "Aches", "slug": "aches"})
    tag = Tag.objects.get()
    make_article(tags=[tag])
    assert desk.post(change(tag), {"name": "Pain", "slug": "pain"}).status_code == 302
    assert client.get("/tags/aches/").headers["Location"] == "/tags/pain/"
    assert "exists" in errors_of(desk.post("/admin/articles/tag/add/", {"name": "Pain", "slug": "other"}))


def test_topics_are_merged_from_the_list(desk: Client, client: Client) -> None:
    ache, pain = make_tag("Ache", slug="ache"), make_tag("Pain", slug="pain")
    post = make_article(tags=[pain])
    form = {"action": "merge_selected", "_selected_action": [pain.pk, ache.pk]}
    said = desk.post("/admin/articles/tag/", form, follow=True).content.decode()
    assert "Merged into “Ache”" in said
    assert list(post.tags.all()) == [ache]
    assert client.get("/tags/pain/").headers["Location"] == "/tags/ache/"
    # The same click again meets one topic: nothing is left to merge.
    assert (
        "Tick two topics or more"
        in desk.post(
            "/admin/articles/tag/", {**form, "_selected_action": [ache.pk]}, follow=True
        ).content.decode()
    )
    assert list(Tag.objects.all()) == [ache]


def test_an_author_is_renamed_on_every_post_at_once(desk: Client, client: Client) -> None:
    author = make_author("Ash")
    post = make_article(authors=[author])
    before = pages.version_of(f"article:{post.pk}")
    assert (
        desk.post(change(author), {"name": "Ashley", "slug": "ash", "bio": "", "user": ""}).status_code == 302
    )
    assert "Ashley" in client.get(post.get_absolute_url()).content.decode()
    assert pages.version_of(f"article:{post.pk}") > before


def test_the_front_page_of_the_admin_says_what_waits(desk: Client, moderator: User) -> None:
    make_article(status=Article.Status.DRAFT)
    assert "one of 1" in desk.get("/admin/").content.decode()
    seen = signed_in(moderator).get("/admin/").content.decode()
    assert "Nothing is waiting" in seen
    assert "Write a post" not in seen


def test_a_picture_in_the_admin_shows_itself_and_its_address(desk: Client) -> None:
    picture = make_picture()
    text = desk.get(change(picture)).content.decode()
    assert 'src="/media/pictures/test.png" alt=""' in text
    assert "Shown after saving." in desk.get("/admin/articles/picture/add/").content.decode()


def test_scheduled_posts_show_as_published_once_their_time_came(
    desk: Client, clock: time_machine.Traveller
) -> None:
    make_article(published_at=timezone.now() + timedelta(hours=1))
    assert "Scheduled for" in desk.get(LIST).content.decode()
    clock.shift(3_600)
    assert "Scheduled for" not in desk.get(LIST).content.decode()
