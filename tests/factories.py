"""The one cast and furniture of the tests: what a test does not care about has a default."""

import itertools
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group, User
from django.utils import timezone

from articles import corrections, evidence, publishing, resources, series
from articles.models import (
    Arm,
    Article,
    Author,
    Correction,
    Outcome,
    Part,
    Picture,
    Recommendation,
    Resource,
    Series,
    Study,
    Tag,
    TimePoint,
    Weighing,
)
from articles.verdicts import Certainty, Size
from comments import care, moderation
from comments.models import Assessment, Comment
from comments.posting import Visit, hash_text, post_comment
from comments.rendering import render
from comments.states import State

_numbers = itertools.count(1)


def make_author(name: str = "", **fields: Any) -> Author:
    number = next(_numbers)
    fields = {"name": name or f"Author {number}", "slug": f"author-{number}", **fields}
    return publishing.save_author(Author(**fields))


def make_tag(name: str = "", **fields: Any) -> Tag:
    number = next(_numbers)
    fields.setdefault("slug", f"topic-{number}")
    return publishing.save_tag(Tag(name=name or f"Topic {number}", **fields))


def make_resource(*articles: Article, **fields: Any) -> Resource:
    """A book that the given posts name."""
    resource = resources.save_resource(Resource(**{"title": f"Book {next(_numbers)}", **fields}))
    for article in articles:
        resources.recommend(Recommendation(article=article, resource=resource))
    return resource


def make_series(*articles: Article, **fields: Any) -> Series:
    """The given posts in the given order."""
    number = next(_numbers)
    parts = [Part(article=article, position=at) for at, article in enumerate(articles)]
    return series.save_series(
        Series(**{"title": f"Series {number}", "slug": f"series-{number}", **fields}), parts=parts
    )


def make_correction(article: Article, text: str = "Ten, not eleven.", **fields: Any) -> Correction:
    return corrections.save_correction(Correction(article=article, text=text, **fields))


def make_picture(**fields: Any) -> Picture:
    fields = {"file": "pictures/test.png", "width": 800, "height": 450, "alt": "A drawing", **fields}
    return Picture.objects.create(**fields)


def make_article(
    *,
    tags: list[Tag] | None = None,
    authors: list[Author] | None = None,
    published_at: datetime | None = None,
    **fields: Any,
) -> Article:
    """A post published yesterday."""
    number = next(_numbers)
    fields = {
        "title": f"Does treatment {number} help?",
        "slug": f"treatment-{number}",
        "finding": "It probably helps a little.",
        "key_points": "First point.\nSecond point.",
        "body": "<p>The whole story.</p>",
        "status": Article.Status.PUBLISHED,
        "published_at": published_at or timezone.now() - timedelta(days=1),
        **fields,
    }
    article = publishing.save_article(Article(**fields))
    publishing.set_links(article, authors=authors or [make_author()], tags=tags or [])
    return article


def make_study(
    *, outcomes: Iterable[str] = (), arms: Iterable[str] = ("Release", "Sham"), **fields: Any
) -> Study:
    """A trial of two groups, measured before and after 20 weeks."""
    number = next(_numbers)
    study = evidence.save_study(
        Study(**{"title": f"Effects of treatment {number}", "design": Study.Design.RANDOMISED, **fields})
    )
    evidence.save_parts(
        study,
        saved=[
            *(Arm(study=study, name=name, position=place) for place, name in enumerate(arms)),
            TimePoint(study=study, label="before", weeks=0),
            TimePoint(study=study, label="after 20 weeks", weeks=20),
            *(Outcome(study=study, name=name, better=Outcome.Better.LOWER) for name in outcomes),
        ],
    )
    return study


def make_weighing(article: Article, study: Study | None = None, **fields: Any) -> Weighing:
    """The study that a post is about, with a verdict."""
    fields = {"is_main": True, "size": Size.LITTLE, "certainty": Certainty.FAIRLY_SURE, **fields}
    weighing = Weighing(study=study or make_study(), **fields)
    evidence.weigh(article, saved=[weighing])
    return weighing


def make_comment(
    article: Article,
    *,
    state: State = State.APPROVED,
    parent: Comment | None = None,
    key: str = "",
    **fields: Any,
) -> Comment:
    """A comment in the given state, moved there by the verbs' own code."""
    number = next(_numbers)
    body = fields.pop("body", f"Words number {number}.")
    comment = Comment.objects.create(
        article=article,
        parent=parent,
        root_id=Comment.root_for(parent),
        body=body,
        html=render(body),
        text_hash=hash_text(body),
        digest=f"digest-{number}",
        **{"name": f"Reader {number}", **fields},
    )
    path = {State.REMOVED: [State.APPROVED, State.REMOVED], State.PENDING: []}.get(state, [state])
    for step in path:
        moderation.move(comment, step, by=None, seen=moderation.Seen.of(comment))
    comment.refresh_from_db()
    return comment


def assess(
    comment: Comment, by: User, level: Assessment.Level = Assessment.Level.NONE, *, appeal: int = 0
) -> Assessment:
    """Somebody goes through the checklist for a comment whose writer may be at risk."""
    steps = list(care.STEPS)
    return care.assess(comment, level=level, steps=steps, revision=comment.revision, appeal=appeal, by=by)


def make_crowd(article: Article, *, roots: int, each: int, deep: int) -> list[Comment]:
    """``roots`` threads of ``each`` visible comments, nested ``deep`` levels, past the verbs: they would take minutes.

    Level 2 holds what the other levels leave over, so that a thread is both broad and deep. They come in waves, as
    talks do: first all roots, then all answers to them.
    """
    now = timezone.now()

    def level(parents: list[Comment | None]) -> list[Comment]:
        return Comment.objects.bulk_create(
            Comment(
                article=article,
                parent=parent,
                root_id=Comment.root_for(parent),
                name=f"Crowd {number % 40}",
                body=f"Words of {number}.",
                html=f"<p>Words of {number}.</p>",
                digest=f"crowd-{number}",
                state=State.APPROVED,
                in_thread=True,
                shown_at=now,
            )
            for parent, number in zip(parents, _numbers, strict=False)
        )

    first = level([None] * roots)
    newest, made = first, [*first]
    for depth in range(2, deep + 1):
        times = each - deep + 1 if depth == 2 else 1
        newest = level([parent for parent in newest for _ in range(times)])[::times]
        made += newest
    return made


def post(article: Article, *, visit: Visit | None = None, **fields: Any) -> Comment:
    """A comment that came in the ordinary way."""
    fields = {"name": "Wren", "body": "Thank you for this.", **fields}
    return post_comment(article=article, visit=visit or Visit(network="n1"), **fields).comment


def make_staff(username: str, *groups: str, **fields: Any) -> User:
    fields = {"email": f"{username}@example.org", "is_staff": True, **fields}
    user = User.objects.create_user(username, password="a long password", **fields)
    user.groups.set(Group.objects.filter(name__in=groups))
    assert user.groups.count() == len(groups)
    return user
