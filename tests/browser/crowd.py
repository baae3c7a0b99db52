"""Furnishes the site of the browser tests before it is served: a discussion of 1,200 comments, nine levels deep, and a
person with the links from their mails."""

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from articles.models import Article

SLUG = "a-long-talk"


def main() -> None:
    django.setup()
    from tests.factories import make_article, make_crowd

    past = datetime(2019, 5, 7, 9, 0, tzinfo=UTC)  # below what other tests look at
    article = make_article(title="What helps you to rest?", slug=SLUG, published_at=past)
    # One thread that the page shows down to the ninth level, and one of which it shows only the beginning.
    # More on the page would say no more, and axe looks long at each of them.
    make_crowd(article, roots=1, each=9, deep=9)
    make_crowd(article, roots=1, each=1191, deep=9)
    write_links(article)


def write_links(article: "Article") -> None:
    """What a person would find in their mails, as a file beside the database."""
    from django.conf import settings
    from django.urls import reverse

    from comments import notifications, people, tokens
    from comments.models import Commenter, Confirmation
    from tests.factories import make_comment

    person = Commenter.objects.create(email="reader@example.org", name="Demo reader Birch")
    make_comment(
        article,
        commenter=person,
        name=person.name,
        body="What helps me is a short nap.",
        shown_at=article.published_at,
    )
    people.follow(person, article)
    asked = Confirmation.objects.create(email="other@example.org", article=article)
    day = timedelta(days=1)
    links = {
        "own-page": notifications.own_page_of(person),
        "confirm": reverse(
            "confirm", args=[tokens.sign(tokens.Action.CONFIRM, about=asked.pk, revision=1, holds=day)]
        ),
        "stop": reverse(
            "stop-mail",
            args=["all", tokens.sign(tokens.Action.STOP, about=person.pk, revision=1, holds=day)],
        ),
    }
    (settings.DATA_DIR / "links.json").write_text(json.dumps(links))


if __name__ == "__main__":
    main()
