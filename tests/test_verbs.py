"""Every way to change what is public moves the page stamps: through the admin, in bulk, by rename, and by hand.

A model that joins the admin has to join the table here.
"""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client

from articles import evidence, notices
from articles.models import (
    Article,
    Author,
    Correction,
    GlossaryTerm,
    Notice,
    Outcome,
    Page,
    Picture,
    Recommendation,
    Resource,
    Series,
    Study,
    Tag,
    Weighing,
)
from comments import moderation, posting
from comments.models import Comment, Discussion, RefusalReason, Rule, SavedReply
from comments.moderation import Seen
from comments.states import State
from fibroblog.admin_verbs import VerbAdmin
from fibroblog.models import Policy, Stamp
from tests.conftest import signed_in
from tests.factories import (
    make_article,
    make_author,
    make_comment,
    make_correction,
    make_picture,
    make_resource,
    make_series,
    make_study,
    make_tag,
    make_weighing,
)

pytestmark = pytest.mark.django_db

PUBLIC = {
    *(Article, Author, Discussion, GlossaryTerm, Notice, Outcome, Page, Picture, Policy, RefusalReason),
    *(Resource, Series, Study, Tag),
}
# A rule is not public, but moves the rules' own stamp; a saved reply is copied, never shown by itself.
THROUGH_VERBS = PUBLIC | {Rule, SavedReply}
# Nothing of these stands on a public page, or nothing of them can be changed in the admin.
NOT_PUBLIC = {
    "auth.group", "auth.user", "axes.accessattempt", "comments.comment", "comments.decision",
    "comments.mail", "django_tasks_database.dbtaskresult", "fibroblog.contactmessage",
}  # fmt: skip


def stamps() -> dict[str, int]:
    return dict(Stamp.objects.values_list("name", "version"))


def moved(before: dict[str, int]) -> set[str]:
    return {name for name, version in stamps().items() if before.get(name, 0) < version}


@pytest.fixture
def boss(administrator: User) -> Client:
    return signed_in(administrator)


def test_every_model_in_the_admin_is_known_here() -> None:
    registered = set(admin.site._registry)
    assert {
        model for model in registered if isinstance(admin.site._registry[model], VerbAdmin)
    } == THROUGH_VERBS
    assert {model._meta.label_lower for model in registered - THROUGH_VERBS} == NOT_PUBLIC


def article_form(article: Article, **changes: object) -> dict[str, object]:
    fields = {
        "title": article.title,
        "slug": article.slug,
        "finding": article.finding,
        "key_points": article.key_points,
        "body": article.body,
        "main_image": article.main_image_id or "",
        "authors": [author.pk for author in article.authors.all()],
        "tags": [tag.pk for tag in article.tags.all()],
        "status": article.status,
        "published_at_0": "2026-03-01",
        "published_at_1": "10:00",
        "corrections-TOTAL_FORMS": "0",
        "corrections-INITIAL_FORMS": "0",
        "recommendations-TOTAL_FORMS": "0",
        "recommendations-INITIAL_FORMS": "0",
        "weighings-TOTAL_FORMS": "0",
        "weighings-INITIAL_FORMS": "0",
        "discussion-TOTAL_FORMS": "0",
        "discussion-INITIAL_FORMS": "0",
    }
    return {**fields, **changes}


def save(client: Client, instance: Model, fields: dict[str, object]) -> None:
    meta = instance._meta
    path = f"/admin/{meta.app_label}/{meta.model_name}/{instance.pk}/change/"
    response = client.post(path, fields)
    assert response.status_code == 302, response.context and response.context["errors"]


def delete(client: Client, instance: Model) -> None:
    meta = instance._meta
    response = client.post(
        f"/admin/{meta.app_label}/{meta.model_name}/{instance.pk}/delete/", {"post": "yes"}
    )
    assert response.status_code == 302


def delete_in_bulk(client: Client, instance: Model) -> None:
    meta = instance._meta
    fields = {"action": "delete_selected", "_selected_action": instance.pk, "post": "yes"}
    assert client.post(f"/admin/{meta.app_label}/{meta.model_name}/", fields).status_code == 302


def act(client: Client, action: str, *instances: Model) -> None:
    meta = instances[0]._meta
    fields = {"action": action, "_selected_action": [instance.pk for instance in instances]}
    assert client.post(f"/admin/{meta.app_label}/{meta.model_name}/", fields).status_code == 302


def test_saving_a_post(boss: Client) -> None:
    article = make_article()
    before = stamps()
    save(boss, article, article_form(article, title="Another title"))
    assert moved(before) == {f"article:{article.pk}", "site"}


def test_corrections_and_resources_on_the_posts_page(boss: Client) -> None:
    article, other = make_article(), make_article()
    make_correction(other)
    book = make_resource(other)
    before = stamps()
    rows = {
        "corrections-TOTAL_FORMS": "1", "corrections-0-kind": "update", "corrections-0-made_on": "2026-03-01",
        "initial-corrections-0-made_on": "2026-03-03", "corrections-0-text": "New words.",
        "corrections-0-article": article.pk, "recommendations-TOTAL_FORMS": "1",
        "recommendations-0-resource": book.pk, "recommendations-0-position": "3",
        "recommendations-0-article": article.pk,
    }  # fmt: skip
    save(boss, article, article_form(article, **rows))
    assert moved(before) == {f"article:{article.pk}", "site"}
    correction, named = Correction.objects.get(article=article), Recommendation.objects.get(article=article)
    assert (correction.text, named.resource, named.position) == ("New words.", book, 3)
    before = stamps()
    rows |= {
        "corrections-INITIAL_FORMS": "1", "corrections-0-id": correction.pk, "corrections-0-DELETE": "on",
        "recommendations-INITIAL_FORMS": "1", "recommendations-0-id": named.pk, "recommendations-0-DELETE": "on",
    }  # fmt: skip
    save(boss, article, article_form(article, **rows))
    assert moved(before) == {f"article:{article.pk}", "site"}
    assert not article.corrections.exists()
    assert not article.recommendations.exists()
    assert other.recommendations.exists()


def test_a_change_of_a_series_reaches_the_parts_that_come_stay_and_go(boss: Client) -> None:
    stays, goes, comes, stranger = (make_article() for _ in range(4))
    series = make_series(stays, goes)
    before = stamps()
    first, second = series.parts.all()
    rows = {
        "title": "Renamed", "slug": series.slug, "description": "",
        "parts-TOTAL_FORMS": "3", "parts-INITIAL_FORMS": "2",
        "parts-0-id": first.pk, "parts-0-series": series.pk, "parts-0-article": stays.pk, "parts-0-position": "0",
        "parts-1-id": second.pk, "parts-1-series": series.pk, "parts-1-article": goes.pk,
        "parts-1-position": "1", "parts-1-DELETE": "on",
        "parts-2-series": series.pk, "parts-2-article": comes.pk, "parts-2-position": "2",
    }  # fmt: skip
    save(boss, series, rows)
    assert moved(before) == {"site", *(f"article:{post.pk}" for post in (stays, goes, comes))}
    assert list(Article.objects.in_series(series)) == [stays, comes]
    assert stranger not in Article.objects.in_series(series)


def test_a_new_series_is_stored_with_its_parts_at_once(boss: Client) -> None:
    article = make_article()
    before = stamps()
    rows = {
        "title": "New", "slug": "new", "description": "", "parts-TOTAL_FORMS": "1", "parts-INITIAL_FORMS": "0",
        "parts-0-article": article.pk, "parts-0-position": "1",
    }  # fmt: skip
    assert boss.post("/admin/articles/series/add/", rows).status_code == 302
    assert moved(before) == {"site", f"article:{article.pk}"}
    assert list(Article.objects.in_series(Series.objects.get())) == [article]


@pytest.mark.parametrize("remove", [delete, delete_in_bulk])
@pytest.mark.parametrize("make", [make_series, make_resource])
def test_deleting_a_series_or_a_resource_reaches_its_posts_and_no_others(
    boss: Client, make: Callable[[Article], Model], remove: Callable[[Client, Model], None]
) -> None:
    article = make_article()
    make_article()
    thing = make(article)
    before = stamps()
    remove(boss, thing)
    assert moved(before) - {"site"} == {f"article:{article.pk}"}
    assert not type(thing)._default_manager.exists()
    assert Article.objects.filter(pk=article.pk).exists()


def test_a_changed_resource_reaches_the_posts_that_name_it(boss: Client) -> None:
    article, other = make_article(), make_article()
    book = make_resource(article, other)
    make_article()
    before = stamps()
    save(boss, book, {"kind": "book", "title": "Renamed", "isbn": "0-306-40615-2"})
    assert moved(before) == {f"article:{article.pk}", f"article:{other.pk}"}
    book.refresh_from_db()
    assert (book.title, book.isbn) == ("Renamed", "9780306406157")


def test_its_topics_and_authors(boss: Client) -> None:
    article, tag, author = make_article(), make_tag(), make_author()
    before = stamps()
    save(boss, article, article_form(article, tags=[tag.pk], authors=[author.pk]))
    assert moved(before) == {f"article:{article.pk}", "site"}
    assert list(article.tags.all()) == [tag]
    assert list(article.authors.all()) == [author]


def test_the_discussion_on_the_posts_page(boss: Client) -> None:
    article = make_article()
    before = stamps()
    inline = {
        "discussion-TOTAL_FORMS": "1",
        "discussion-0-status": "closed",
        "discussion-0-article": article.pk,
    }
    save(boss, article, article_form(article, **inline))
    assert moved(before) == {f"article:{article.pk}", f"discussion:{article.pk}", "site"}
    assert not Discussion.objects.of(article).is_open


@pytest.mark.parametrize("action", ["publish_selected", "unpublish_selected"])
def test_publishing_in_bulk(boss: Client, action: str) -> None:
    status = Article.Status.DRAFT if action == "publish_selected" else Article.Status.PUBLISHED
    article = make_article(status=status)
    before = stamps()
    act(boss, action, article)
    assert moved(before) == {f"article:{article.pk}", "site"}
    assert Article.objects.get().status != status


def test_merging_topics(boss: Client) -> None:
    first, second = make_tag("A"), make_tag("B")
    article = make_article(tags=[second])
    before = stamps()
    act(boss, "merge_selected", first, second)
    assert moved(before) == {f"article:{article.pk}", "site"}
    assert list(article.tags.all()) == [first]


def tag_of_a_post() -> tuple[Tag, Article]:
    tag = make_tag()
    return tag, make_article(tags=[tag])


def author_of_a_post() -> tuple[Author, Article]:
    author = make_author()
    return author, make_article(authors=[author, make_author()])


def discussion_of_a_post() -> tuple[Discussion, Article]:
    article = make_article()
    return moderation.set_discussion(Discussion(article=article, status="closed")), article


RENAMES: dict[str, tuple[Callable[[], tuple[Model, Article]], dict[str, object]]] = {
    "topic": (tag_of_a_post, {"name": "Renamed", "slug": "renamed", "description": ""}),
    "author": (author_of_a_post, {"name": "Renamed", "slug": "renamed", "bio": "", "user": ""}),
    "discussion": (discussion_of_a_post, {"status": "open", "closes_after_days": ""}),
}


def expected(what: str, article: Article) -> set[str]:
    """A discussion is shown nowhere but below its post."""
    return {f"discussion:{article.pk}"} if what == "discussion" else {f"article:{article.pk}", "site"}


@pytest.mark.parametrize("what", RENAMES)
def test_renames_reach_the_posts(boss: Client, what: str) -> None:
    make, fields = RENAMES[what]
    instance, article = make()
    before = stamps()
    save(boss, instance, fields)
    assert moved(before) == expected(what, article)


@pytest.mark.parametrize("remove", [delete, delete_in_bulk])
@pytest.mark.parametrize("what", RENAMES)
def test_deletions_reach_the_posts(boss: Client, what: str, remove: Callable[[Client, Model], None]) -> None:
    instance, article = RENAMES[what][0]()
    before = stamps()
    remove(boss, instance)
    assert moved(before) == expected(what, article)
    assert not type(instance)._default_manager.filter(pk=instance.pk).exists()


@pytest.mark.parametrize("remove", [delete, delete_in_bulk])
def test_deleting_a_post(boss: Client, remove: Callable[[Client, Model], None]) -> None:
    article = make_article()
    before = stamps()
    remove(boss, article)
    assert moved(before) == {f"article:{article.pk}", "site"}


def test_a_post_with_comments_is_not_deleted_in_the_admin(boss: Client, approved: Comment) -> None:
    boss.post(f"/admin/articles/article/{approved.article_id}/delete/", {"post": "yes"})
    assert Article.objects.exists()


def study_of_a_post() -> tuple[Study, Article]:
    article = make_article()
    return make_weighing(article, make_study(outcomes=["Pain"])).study, article


def no_rows(*prefixes: str) -> dict[str, object]:
    return {
        f"{prefix}-{name}": value
        for prefix in prefixes
        for name, value in (("TOTAL_FORMS", "0"), ("INITIAL_FORMS", "0"))
    }


STUDY_FORM: dict[str, object] = {"title": "Renamed", "design": "randomised", "source": "summary"}


def test_a_study_and_its_groups(boss: Client) -> None:
    study, article = study_of_a_post()
    before = stamps()
    group = {"arms-TOTAL_FORMS": "1", "arms-0-name": "Stretching", "arms-0-position": "3"}
    save(boss, study, {**STUDY_FORM, **no_rows("arms", "times", "outcomes"), **group})
    assert moved(before) == {f"article:{article.pk}", "site"}
    assert study.arms.filter(name="Stretching").exists()


def test_the_numbers_of_an_outcome(boss: Client) -> None:
    study, article = study_of_a_post()
    outcome = study.outcomes.get()
    line = {
        "results-TOTAL_FORMS": "1",
        "results-0-kind": "value",
        "results-0-time": study.times.all()[1].pk,
        "results-0-arm": study.arms.all()[0].pk,
        "results-0-estimate": "20.6",
    }
    before = stamps()
    save(boss, outcome, {"name": "Pain", "better": "lower", "position": 1, **no_rows("results"), **line})
    assert moved(before) == {f"article:{article.pk}", "site"}
    assert str(outcome.results.get().estimate) == "20.6"
    before = stamps()
    delete(boss, outcome)
    assert moved(before) == {f"article:{article.pk}", "site"}


def test_how_a_post_weighs_a_study(boss: Client) -> None:
    article, study = make_article(), make_study()
    row = {
        "weighings-TOTAL_FORMS": "1",
        "weighings-0-study": study.pk,
        "weighings-0-is_main": "on",
        "weighings-0-position": "1",
        "weighings-0-size": "little",
        "weighings-0-certainty": "low",
    }
    before = stamps()
    save(boss, article, article_form(article, **row))
    assert moved(before) == {f"article:{article.pk}", "site"}
    assert Weighing.objects.get().verdict == "May help a little"


def test_notices_and_looking_at_them(boss: Client) -> None:
    study, article = study_of_a_post()
    expected = {f"article:{article.pk}", "site"}
    notice = notices.save_notice(Notice(study=study, kind=Notice.Kind.CORRECTION))
    before = stamps()
    act(boss, "look_at_selected", notice)
    assert moved(before) == expected
    before = stamps()
    act(boss, "look_at_selected", notice)
    assert moved(before) == set(), "it was looked at already"
    save(boss, notice, {"study": study.pk, "kind": "retraction", "doi": ""})
    assert moved(before) == expected
    before = stamps()
    delete_in_bulk(boss, notice)
    assert moved(before) == expected


def test_a_study_that_no_post_weighs_moves_nothing(boss: Client) -> None:
    before = stamps()
    study = make_study(outcomes=["Pain"])
    evidence.save_study(study)
    delete(boss, study)
    assert moved(before) == set()
    assert not Study.objects.exists()


@pytest.mark.parametrize("remove", [delete, delete_in_bulk])
def test_a_study_that_a_post_weighs_is_not_deleted(
    boss: Client, remove: Callable[[Client, Model], None]
) -> None:
    study, _ = study_of_a_post()
    with pytest.raises(AssertionError):  # the admin shows what protects it and stays on the page
        remove(boss, study)
    assert Study.objects.exists()


def test_the_policy_of_the_blog(boss: Client, administrator: User) -> None:
    before = stamps()
    fields = {
        "publish_trusted": "on",
        "learner_hint": "on",
        "help_lines": "Example line: 123",
        "alarm_hours": "24",
    }
    assert boss.post("/admin/fibroblog/policy/add/", fields).status_code == 302
    assert moved(before) == {"site"}
    save(boss, Policy.objects.get(), {**fields, "presses": "on"})
    row = Policy.objects.get()
    assert (row.publish_trusted, row.presses) == (True, True)
    assert [kept.history_user for kept in row.history.all()] == [administrator, administrator]
    before = stamps()
    save(boss, row, {name: value for name, value in fields.items() if name != "learner_hint"})
    assert moved(before) == {"site", "learnt"}
    assert boss.get("/admin/fibroblog/policy/").headers["Location"].endswith("/1/change/")
    assert boss.get("/admin/fibroblog/policy/add/").status_code == 403
    assert boss.post("/admin/fibroblog/policy/1/delete/", {"post": "yes"}).status_code == 403


def test_pages_and_pictures(boss: Client) -> None:
    page = Page.objects.get(slug="about")
    before = stamps()
    save(boss, page, {"title": "About", "body": "<p>New</p>"})
    assert moved(before) == {"site"}
    picture = make_picture()
    article = make_article(main_image=picture)
    before = stamps()
    save(boss, picture, {"alt": "New words", "caption": "", "credit": ""})
    assert moved(before) == {f"article:{article.pk}", "site"}
    unused = make_picture()
    before = stamps()
    delete(boss, unused)
    assert moved(before) == {"site"}


def test_explained_words_reach_every_post(boss: Client) -> None:
    first, second = make_article(), make_article()
    everywhere = {f"article:{first.pk}", f"article:{second.pk}", "site", "words"}
    before = stamps()
    fields = {"word": "sham", "explanation": "A pretend treatment.", "other_forms": ""}
    assert boss.post("/admin/articles/glossaryterm/add/", fields).status_code == 302
    assert moved(before) == everywhere
    term = GlossaryTerm.objects.get()
    before = stamps()
    save(boss, term, {**fields, "other_forms": "placebo"})
    assert moved(before) == everywhere
    before = stamps()
    delete(boss, term)
    assert moved(before) == everywhere
    assert not GlossaryTerm.objects.exists()


@pytest.mark.parametrize("to", [State.APPROVED, State.DECLINED, State.SPAM])
def test_decisions(pending: Comment, to: State) -> None:
    before = stamps()
    moderation.move(pending, to, by=None, seen=Seen.of(pending))
    expected = {f"discussion:{pending.article_id}"} | ({"counts"} if to == State.APPROVED else set())
    assert moved(before) == expected


def test_withdrawing_editing_and_undoing(approved: Comment, moderator: User) -> None:
    name = f"discussion:{approved.article_id}"
    before = stamps()
    posting.edit_comment(approved, body="Changed", visit=posting.Visit())
    assert name in moved(before)
    decision = moderation.move(approved, State.APPROVED, by=moderator, seen=Seen.of(approved))
    before = stamps()
    moderation.undo(decision, by=moderator)
    assert moved(before) == {name, "counts"}
    moderation.move(approved, State.APPROVED, by=None, seen=Seen(State.PENDING, 2))
    before = stamps()
    moderation.withdraw(approved)
    assert moved(before) == {name, "counts"}


def test_a_waiting_comment_moves_nothing(article: Article) -> None:
    before = stamps()
    make_comment(article, state=State.PENDING)
    assert moved(before) == set()
