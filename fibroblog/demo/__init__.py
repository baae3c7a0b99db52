"""The demo: posts, a thread and accounts, written for this project. Loaded into an empty database only."""

import tomllib
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from articles import corrections, evidence, glossary, images, publishing, resources, series
from articles.models import (
    Article,
    Author,
    Correction,
    GlossaryTerm,
    Part,
    Picture,
    Recommendation,
    Resource,
    Series,
    Study,
    Tag,
    Weighing,
)
from comments import moderation
from comments.models import Comment
from comments.posting import hash_text
from comments.rendering import render
from comments.states import State

from . import studies

FOLDER = Path(__file__).parent
ACCOUNTS = ("editor", "moderator", "admin")
PICTURES = "pictures/demo/"
MAIL_DOMAIN = "demo.invalid"  # marks what belongs to the demo; no mail can go there


@transaction.atomic
def load(password: str = "") -> str:
    """Load everything; returns the password of the three accounts."""
    password = password or get_random_string(12, "abcdefghjkmnpqrstuvwxyz23456789")
    content = tomllib.loads((FOLDER / "content.toml").read_text())
    for name in ACCOUNTS:
        _account(name, password)
    authors = {row["slug"]: publishing.save_author(Author(**row)) for row in content["authors"]}
    tags = {row["slug"]: publishing.save_tag(Tag(**row)) for row in content["tags"]}
    for row in content["words"]:
        glossary.save_term(GlossaryTerm(**row))
    pictures = {row["name"]: _picture(row) for row in content["pictures"]}
    library = {
        row["key"]: resources.save_resource(Resource(**{k: row[k] for k in row if k != "key"}))
        for row in content["resources"]
    }
    weighed = studies.load()
    articles = {}
    for row in content["articles"]:
        article = articles[row["slug"]] = _article(row, pictures)
        studies.weigh(article, row["studies"], weighed)
        publishing.set_links(
            article,
            authors=[authors[slug] for slug in row["authors"]],
            tags=[tags[slug] for slug in row["tags"]],
        )
        _around(article, row, library)
        _comments(article, row.get("comments", []))
    for row in content["series"]:
        parts = [
            Part(article=articles[slug], position=at) for at, slug in enumerate(row.pop("parts"), start=1)
        ]
        series.save_series(Series(**row), parts=parts)
    return password


@transaction.atomic
def clear() -> dict[str, int]:
    """Remove what `load` made and say how many of each. The log keeps its entries, without names or texts."""
    content = tomllib.loads((FOLDER / "content.toml").read_text())
    articles = Article.objects.filter(slug__in=_names(content["articles"]))
    authors = Author.objects.filter(slug__in=_names(content["authors"]))
    tags = Tag.objects.filter(slug__in=_names(content["tags"]))
    several_series = Series.objects.filter(slug__in=_names(content["series"]))
    library = Resource.objects.filter(title__in=[row["title"] for row in content["resources"]])
    pictures = Picture.objects.filter(file__startswith=PICTURES)
    words = GlossaryTerm.objects.filter(word__in=[row["word"] for row in content["words"]])
    users = User.objects.filter(email__endswith=f"@{MAIL_DOMAIN}")
    removed = {"posts": articles.count()}
    Article.history.filter(id__in=articles.values("pk")).delete()
    posts = list(articles.values_list("pk", flat=True))
    publishing.delete_articles(articles)
    Weighing.history.filter(article_id__in=posts).delete()
    # What a post of one's own uses by now stays.
    left_over = studies.left_over()
    weighed_once = list(left_over.values_list("pk", flat=True))
    tags, authors = tags.filter(articles=None), authors.filter(articles=None)
    pictures = pictures.filter(pk__in=[picture.pk for picture in pictures if not images.users_of(picture)])
    several_series, library = several_series.filter(parts=None), library.filter(recommendations=None)
    kinds = {"studies": left_over, "topics": tags, "authors": authors, "series": several_series}
    more = {"resources": library, "words": words, "pictures": pictures, "accounts": users}
    for name, rows in {**kinds, **more}.items():
        removed[name] = rows.count()
    evidence.delete_studies(left_over)
    Study.history.filter(id__in=weighed_once).delete()
    series.delete_series(several_series)
    resources.delete_resources(library)
    publishing.delete_tags(tags)
    publishing.delete_authors(authors)
    glossary.delete_terms(words)
    images.delete_pictures(pictures)
    users.delete()
    return removed


def _names(rows: Iterable[dict[str, Any]]) -> list[str]:
    return [row["slug"] for row in rows]


def _account(name: str, password: str) -> User:
    """One of the three demo accounts: an editor, a moderator, an administrator."""
    user = User(username=name, email=f"{name}@{MAIL_DOMAIN}", is_staff=True, is_superuser=name == "admin")
    user.set_password(password)
    user.save()
    groups = {"editor": "Editors", "moderator": "Moderators"}
    user.groups.set(Group.objects.filter(name=groups.get(name, "")))
    return user


def _picture(row: dict[str, Any]) -> Picture:
    drawing = (FOLDER / "pictures" / row["file"]).read_bytes()
    stored = default_storage.save(PICTURES + row["file"], ContentFile(drawing))
    fields = {name: row.get(name, "") for name in ("alt", "caption", "credit", "width", "height")}
    return images.save_picture(Picture(file=stored, decorative=row.get("decorative", False), **fields))


def _article(row: dict[str, Any], pictures: dict[str, Picture]) -> Article:
    body = (FOLDER / f"{row['slug']}.html").read_text()
    for name, picture in pictures.items():
        size = f'width="{picture.width}" height="{picture.height}"'
        body = body.replace(f'src="picture:{name}"', f'src="{picture.file.url}" {size}')
    return publishing.save_article(
        Article(
            title=row["title"],
            slug=row["slug"],
            finding=row["finding"],
            key_points="\n".join(row["key_points"]),
            short_version=row["short_version"].strip(),
            body=body,
            main_image=pictures[row["picture"]],
            unknowns="\n".join(row.get("unknowns", [])),
            doctor_first="\n".join(row.get("doctor_first", [])),
            reviewed_on=_day(-row["reviewed_days_ago"]),
            review_due_on=_day(row["review_in_days"]),
            status=Article.Status.PUBLISHED,
            published_at=timezone.now() - timedelta(days=row["days_ago"]),
        )
    )


def _around(article: Article, row: dict[str, Any], library: dict[str, Resource]) -> None:
    """What stands below the story: books, resources and corrections."""
    for at, key in enumerate(row.get("resources", []), start=1):
        resources.recommend(Recommendation(article=article, resource=library[key], position=at))
    for note in row.get("corrections", []):
        day = _day(-note["days_ago"])
        corrections.save_correction(
            Correction(article=article, kind=note["kind"], text=note["text"], made_on=day)
        )


def _day(days_from_now: int) -> date:
    return timezone.localdate() + timedelta(days=days_from_now)


def _comments(article: Article, rows: Iterable[dict[str, Any]]) -> None:
    """The thread, in the order of the file: parents stand before their replies."""
    stored: dict[str, Comment] = {}
    for row in rows:
        parent = stored.get(row.get("parent", ""))
        comment = Comment.objects.create(
            article=article,
            parent=parent,
            root_id=Comment.root_for(parent),
            name=row["name"],
            body=row["body"],
            html=render(row["body"]),
            badge=row.get("badge", ""),
            created_at=(article.published_at or timezone.now()) + timedelta(hours=row["hours_after"]),
            text_hash=hash_text(row["body"]),
            digest=f"demo:{article.slug}:{row['key']}"[:64],
        )
        if row["state"] != State.PENDING:
            moderation.move(comment, State(row["state"]), by=None, seen=moderation.Seen.of(comment))
        stored[row["key"]] = comment
