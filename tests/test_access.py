"""Who may go where: every address of the site, GET and POST, as visitor, moderator, editor and administrator.

The table is written by hand in access.txt. An address that is missing there, or gone from the site, fails.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from articles import glossary, notices, publishing
from articles.models import Article, GlossaryTerm, Notice, Page
from comments import moderation
from comments.models import Comment, Decision, Discussion, RefusalReason, Rule, SavedReply
from comments.moderation import Seen
from comments.rules import save_rule
from comments.states import State
from fibroblog import contact, policy
from fibroblog.models import Policy
from tests.conftest import signed_in
from tests.factories import (
    make_article,
    make_author,
    make_comment,
    make_picture,
    make_resource,
    make_series,
    make_staff,
    make_study,
    make_tag,
)

SLUGS = {"authors": "ash", "series": "part-by-part", "tags": "pain"}
TABLE = Path(__file__).with_name("access.txt")


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


ALL_ROUTES = list(dict.fromkeys(routes(get_resolver().url_patterns)))


def rows() -> dict[str, tuple[list[int], list[int]]]:
    """Route -> statuses of GET and of POST, in the order of the roles."""
    table = {}
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            route, get, post = (part.strip() for part in line.rsplit("|", 2))
            table[route] = ([int(code) for code in get.split()], [int(code) for code in post.split()])
    return table


def test_the_table_names_every_address_and_no_other() -> None:
    assert set(rows()) == set(ALL_ROUTES)


@pytest.fixture
def objects(db: None) -> dict[str, Any]:
    """One of each kind that an address may name."""
    tag = make_tag(slug="pain")
    ash = make_author(slug="ash")
    article = make_article(slug="post", tags=[tag], authors=[ash], main_image=make_picture())
    comment = make_comment(article, public_id="abcdefghj")
    waiting = make_comment(article, state=State.PENDING, public_id="waiting99")
    moderation.move(waiting, State.SPAM, by=None, seen=Seen.of(waiting))
    discussion = moderation.set_discussion(Discussion(article=article))
    study = make_study(outcomes=["Pain"])
    notice = notices.save_notice(Notice(study=study, kind=Notice.Kind.CORRECTION))
    message = contact.send(name="Wren", email="", body="Hello")
    return {
        "article": article,
        "tag": tag,
        "author": ash,
        "resource": make_resource(),
        "series": make_series(article, slug="part-by-part"),
        "picture": article.main_image,
        "glossaryterm": glossary.save_term(GlossaryTerm(word="sham", explanation="Pretended.")),
        "page": publishing.save_page(Page.objects.get(slug="about")),
        "study": study,
        "outcome": study.outcomes.get(),
        "notice": notice,
        "comment": comment,
        "decision": Decision.objects.first(),
        "discussion": discussion,
        "contactmessage": message,
        "policy": policy.change(Policy(alarm_hours=9)),
        "rule": save_rule(Rule(action=Rule.Action.HOLD, text="snake oil")),
        "refusalreason": RefusalReason.objects.first(),
        "savedreply": SavedReply.objects.first(),
        "group": Group.objects.get(name="Editors"),
        "user": make_staff("someone"),
    }


def path_for(route: str, objects: dict[str, Any]) -> str:
    """A real address for a route: its placeholders filled with what the fixture made."""
    kind = re.match(r"admin/\w+/(\w+)/", route)
    thing = objects.get(kind[1]) if kind else None
    user = objects["user"]
    values = {
        "object_id": str(thing.pk) if thing else "1",
        "pk": str(thing.pk) if thing else "1",
        "id": str(user.pk),
        "version_id": str(thing.history.first().pk) if thing and hasattr(thing, "history") else "1",
        "public_id": "abcdefghj",
        "article_id": str(objects["article"].pk),
        "slug": SLUGS.get(route.removeprefix("feeds/").partition("/")[0], "post"),
        "year": "2026",
        "path": "pictures/none.png",
        "app_label": "articles",
        "content_type_id": "0",
        "what": "all",
        "do": "approve",
        "moderator": str(user.pk),
        "subscription": "1",
        "url": "nowhere",
        "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
        "token": default_token_generator.make_token(user),
    }
    # Two libraries write their routes as patterns with nameless groups: the object, then its version.
    route = route.replace("([^/]+)", "<object_id>", 1).replace("([^/]+)", "<version_id>", 1)
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route).replace("^", "").replace("$", "")
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], route)


def part(route: str) -> str:
    """Of the site: routes of one part share their objects, which take longer to make than a page to open."""
    words = re.findall(r"\w+", route)
    return "/".join(words[: 2 if words[:1] == ["admin"] else 1])


@pytest.mark.parametrize("name", sorted({part(route) for route in ALL_ROUTES}))
def test_who_may_go_where(
    name: str, objects: dict[str, Any], moderator: User, editor: User, administrator: User
) -> None:
    people = [Client(), *map(signed_in, (moderator, editor, administrator))]
    expected, found = {}, {}
    for route in ALL_ROUTES:
        if part(route) == name:
            path = path_for(route, objects)
            expected[route] = rows()[route]
            found[route] = tuple([status(path, who, method) for who in people] for method in ("get", "post"))
    assert found == expected


def status(path: str, who: Client, method: str) -> int:
    """What the address answers; neither the database nor the sign-in keeps anything of it."""
    cookies = deepcopy(who.cookies)
    with transaction.atomic():
        response = getattr(who, method)(path)
        transaction.set_rollback(True)
    who.cookies = cookies
    return int(response.status_code)


@pytest.mark.parametrize(
    "address", ["", "/feeds/comments.atom", "/articles/post/comments.atom", "/sitemap.xml"]
)
def test_hidden_rows_of_the_fixture_stay_hidden(address: str, objects: dict[str, Any]) -> None:
    assert Comment.objects.get(public_id="waiting99").state == State.SPAM
    assert "waiting99" not in Client().get(address or "/articles/post/").content.decode()


def test_a_draft_is_for_nobody_but_its_preview(editor: User, moderator: User, db: None) -> None:
    draft = make_article(slug="draft", status=Article.Status.DRAFT)
    for who in (editor, moderator):
        assert status("/articles/draft/", signed_in(who), "get") == 404
    preview = f"/admin/articles/article/{draft.pk}/preview/"
    assert status(preview, signed_in(editor), "get") == 200
    assert status(preview, signed_in(moderator), "get") == 403
    assert status(preview, Client(), "get") == 302
