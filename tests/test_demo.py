"""The demo: loaded into an empty database only, and taken away without a trace of anybody's own work."""

import io
import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from articles import publishing
from articles.models import (
    Article,
    Author,
    GlossaryTerm,
    Page,
    Picture,
    Resource,
    Series,
    Study,
    Tag,
    Weighing,
)
from articles.rendering import sanitise
from comments.models import Comment, Decision
from comments.states import State
from fibroblog import demo, rounds
from fibroblog.management.commands.prepare import Command
from tests.factories import make_article, make_author, make_comment, make_picture, make_staff, make_tag

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    for name in ("DEMO", "DEMO_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def said(command: str) -> str:
    out = io.StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Collecting static files is tested once; elsewhere it would only take time."""
    monkeypatch.setattr(Command, "collect", lambda self: None)


def test_the_demo_shows_every_part_of_the_site(client: Client) -> None:
    demo.load()
    assert Article.objects.visible().count() == Article.objects.count() >= 3
    assert Comment.objects.waiting().exists()
    assert Comment.objects.filter(state=State.APPROVED, parent__isnull=False).exists()
    for article in Article.objects.all():
        assert client.get(article.get_absolute_url()).status_code == 200
        assert article.authors.exists()
        assert article.tags.exists()
        assert article.main_image is not None
        assert article.short_version
        assert "picture:" not in article.body
        assert sanitise(article.body) == article.body
        for address in re.findall(r'src="(/media/[^"]+)"', article.body):
            response: Any = client.get(address)
            assert response.status_code == 200, address
            assert b"".join(response.streaming_content)
    for path in ("/", "/topics/", "/feeds/articles.atom"):
        assert client.get(path).status_code == 200


def test_its_comments_went_through_the_log_and_belong_to_the_past() -> None:
    demo.load()
    decided = Comment.objects.exclude(state=State.PENDING)
    assert Decision.objects.count() >= decided.count() > 0
    assert not Comment.objects.filter(created_at__gt=timezone.now()).exists()


def test_the_three_accounts_sign_in_with_the_password_that_was_told(client: Client) -> None:
    password = demo.load()
    assert len(password) >= 12
    for name in demo.ACCOUNTS:
        form = {"username": name, "password": password, "next": "/admin/"}
        assert client.post("/admin/login/", form).status_code == 302
        assert client.get("/admin/").status_code == 200
        client.post("/admin/logout/")
    editor, moderator, admin = (User.objects.get(username=name) for name in demo.ACCOUNTS)
    assert editor.has_perm("articles.add_article")
    assert not editor.has_perm("comments.moderate_comment")
    assert moderator.has_perm("comments.moderate_comment")
    assert not moderator.has_perm("articles.add_article")
    assert admin.is_superuser
    assert not User.objects.filter(username__in=["editor", "moderator"], is_superuser=True).exists()


def test_no_mail_can_reach_a_demo_account() -> None:
    demo.load()
    assert all(user.email.endswith(".invalid") for user in User.objects.all())


def test_clearing_takes_all_of_the_demo() -> None:
    demo.load()
    demo.clear()
    for model in (
        *(Article, Author, GlossaryTerm, Tag, Picture, Resource, Series, User, Comment, Study, Weighing),
    ):
        assert not model.objects.exists(), model
    assert not Study.history.exists()
    assert not Weighing.history.exists()
    # The log keeps what happened, and the site keeps its pages.
    assert Decision.objects.exists()
    assert Page.objects.count() == 5


def test_clearing_says_how_many_it_removed() -> None:
    demo.load()
    there = {
        "posts": Article.objects.count(),
        "authors": Author.objects.count(),
        "pictures": Picture.objects.count(),
        "topics": Tag.objects.count(),
        "studies": Study.objects.count(),
        "words": GlossaryTerm.objects.count(),
        "series": Series.objects.count(),
        "resources": Resource.objects.count(),
        "accounts": 3,
    }
    assert demo.clear() == there
    assert demo.clear() == dict.fromkeys(there, 0)
    assert "Removed posts: 0" in said("clear_demo")
    assert "createsuperuser" in said("clear_demo")


def test_clearing_leaves_everything_of_ones_own(client: Client) -> None:
    demo.load()
    user = make_staff("mine", "Editors")
    post = make_article(tags=[make_tag("My topic")], authors=[make_author("Me")], main_image=make_picture())
    comment = make_comment(post)
    page = Page.objects.get(slug="about")
    page.body = "<p>Ours.</p>"
    publishing.save_page(page)
    demo.clear()
    assert list(Article.objects.all()) == [post]
    assert list(Comment.objects.all()) == [comment]
    assert list(User.objects.all()) == [user]
    assert [tag.name for tag in Tag.objects.all()] == ["My topic"]
    assert [author.name for author in Author.objects.all()] == ["Me"]
    assert Picture.objects.count() == 1
    assert Page.objects.get(slug="about").body == "<p>Ours.</p>"
    assert client.get(post.get_absolute_url()).status_code == 200


def test_clearing_leaves_topics_and_authors_that_a_post_of_ones_own_uses() -> None:
    demo.load()
    tag, author = Tag.objects.get(slug="pain"), Author.objects.get(slug="demo-editor")
    post = make_article(tags=[tag], authors=[author])
    authors = Author.objects.count()
    removed = demo.clear()
    assert list(post.tags.all()) == [tag]
    assert list(post.authors.all()) == [author]
    assert removed["authors"] == authors - 1


def test_clearing_leaves_a_picture_that_a_post_of_ones_own_uses() -> None:
    demo.load()
    picture = Picture.objects.first()
    assert picture is not None
    post = make_article(main_image=picture)
    demo.clear()
    assert list(Article.objects.all()) == [post]
    assert list(Picture.objects.all()) == [picture]


def test_the_demo_comes_back_after_it_was_cleared() -> None:
    demo.load()
    articles = Article.objects.count()
    demo.clear()
    demo.load("another long password")
    assert Article.objects.count() == articles


@pytest.mark.usefixtures("collected")
def test_a_first_start_loads_the_demo_and_tells_the_password_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_PASSWORD", "a password that was chosen")
    first = said("prepare")
    assert "editor, moderator, admin    password: a password that was chosen" in first
    counts = Article.objects.count(), Comment.objects.count(), User.objects.count(), Picture.objects.count()
    second = said("prepare")
    assert "password" not in second
    assert counts == (
        Article.objects.count(), Comment.objects.count(), User.objects.count(), Picture.objects.count(),
    )  # fmt: skip
    planned = DBTaskResult.objects.filter(task_path__startswith=rounds.__name__)
    assert planned.count() == 2, "one round of each kind is planned, not two"


@pytest.mark.usefixtures("collected")
@pytest.mark.parametrize("there", ["an account", "a post", "DEMO=0"])
def test_a_database_in_use_or_a_wish_for_none_keeps_the_demo_out(
    monkeypatch: pytest.MonkeyPatch, there: str
) -> None:
    if there == "an account":
        make_staff("mine")
    elif there == "a post":
        make_article()
    else:
        monkeypatch.setenv("DEMO", "0")
    before = User.objects.count(), Article.objects.count()
    assert "password" not in said("prepare")
    assert (User.objects.count(), Article.objects.count()) == before


@pytest.mark.usefixtures("collected")
def test_after_clearing_the_next_start_does_not_bring_the_demo_back_once_there_is_an_account() -> None:
    said("prepare")
    make_staff("mine", is_superuser=True)
    said("clear_demo")
    said("prepare")
    assert not Article.objects.exists()
    assert [user.username for user in User.objects.all()] == ["mine"]


def test_static_files_are_collected_when_one_is_newer(folder: Path, settings: Settings) -> None:
    source = folder / "source"
    source.mkdir()
    (source / "a.css").write_text("a{}")
    settings.STATICFILES_DIRS = [source]
    settings.INSTALLED_APPS = ["django.contrib.staticfiles"]
    out = io.StringIO()
    command = Command(stdout=out)
    old = folder / "static" / "a.0123456789ab.css"
    old.write_text("of the release before")
    for content, times in (("a{}", 1), ("a{}", 1), ("b{}", 2)):
        if (source / "a.css").read_text() != content:
            (source / "a.css").write_text(content)
            later = (source / "a.css").stat().st_mtime_ns + 10**12
            os.utime(source / "a.css", ns=(later, later))
        command.collect()
        assert out.getvalue().count("Collecting") == times
    assert (folder / "static" / "a.css").read_text() == "b{}"
    assert old.exists(), "pages from before an update still ask for it"


@pytest.mark.usefixtures("collected")
def test_a_database_that_lacks_a_migration_is_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setenv("DEMO", "0")
    monkeypatch.setattr(
        "fibroblog.management.commands.prepare.MigrationExecutor.migration_plan",
        lambda self, targets: ["one"],
    )
    monkeypatch.setattr(
        "fibroblog.management.commands.prepare.call_command", lambda name, **options: called.append(name)
    )
    assert "Setting up the database…" in said("prepare")
    assert called == ["migrate"]
