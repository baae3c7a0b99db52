"""What measured sites hold: posts and discussions in words that differ as people's do. Past the verbs, in bulk, and
the same every time; the DATA_DIR it goes to lives for one measurement."""

import itertools
import os
import random
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

WORDS = """
    years what helped me most was to rest before I am tired and walk a little each morning my sister tried another way
    felt better some weeks then pain came back but sleep is good now which matters more than any long answer could say
    doctor listened at last we talked about warm water slow breathing small steps and days when nothing works at all
""".split()  # noqa: SIM905  # seventy lines of one word each say no more
BATCH = 5_000  # rows


def words(chance: random.Random, least: int = 10, most: int = 60) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(least, most))).capitalize() + "."


def set_up() -> None:
    """Django, on the DATA_DIR that is set."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "fibroblog.settings"
    import django

    django.setup()


def make_posts(count: int, *, comments: int = 0, slug: str = "bench-post") -> list[Any]:
    """Posts of about 300 words, published within the last days, each with so many comments."""
    from django.utils import timezone

    from tests.factories import make_article, make_author

    chance, now, author = random.Random(count), timezone.now(), make_author("Bench")
    made = []
    for number in range(count):
        body = "".join(f"<p>{words(chance)}</p>" for _ in range(5))
        at = now - timedelta(minutes=number + 60)
        post = make_article(
            title=words(chance, 5, 9), slug=f"{slug}-{number}", body=body, authors=[author], published_at=at
        )
        if comments:
            talk(post, comments)
        made.append(post)
    return made


def demo_post(*, comments: int) -> Any:
    """The demo's post with study, chart and pictures, and so many comments more than the demo gives it."""
    from articles.models import Article

    post = Article.objects.get(slug="myofascial-release-trial")
    talk(post, comments)
    return post


def talk(post: Any, comments: int) -> None:
    """So many approved comments more: half of them begin a thread, half answer one."""
    roots = _store(_comments(post, [None] * (comments - comments // 2), seed=comments))
    parents = itertools.islice(itertools.cycle(roots), comments // 2)
    _store(_comments(post, parents, seed=comments + 1))


def crowd_the_site(comments: int) -> None:
    """So many approved comments more, in hundreds of posts."""
    posts = make_posts(200, slug="crowd")
    for post in posts:
        talk(post, comments // len(posts))


def _comments(post: Any, parents: Iterable[Any], *, seed: int) -> Iterator[Any]:
    from django.utils import timezone

    from comments.models import Comment
    from comments.states import State

    chance, now = random.Random(seed), timezone.now()
    texts = [words(chance) for _ in range(500)]
    for number, parent in enumerate(parents):
        text = f"{number}: {texts[number % len(texts)]}"
        written = now - timedelta(minutes=number % 50_000, seconds=number % 59)
        yield Comment(
            article=post,
            parent=parent,
            root_id=Comment.root_for(parent),
            name=f"Reader {number % 400}",
            body=text,
            html=f"<p>{text}</p>",
            digest=f"bench-{post.pk}-{seed}-{number}",
            state=State.APPROVED,
            in_thread=True,
            shown_at=written,  # no thousands in one moment, which no site has
            created_at=written,
        )


def _store(rows: Iterator[Any]) -> list[Any]:
    from comments.models import Comment

    stored: list[Any] = []
    while batch := list(itertools.islice(rows, BATCH)):
        stored += Comment.objects.bulk_create(batch)
    return stored


def make_waiting(post: Any, number: int = 0) -> Any:
    """One comment that waits, to be approved and taken back again and again."""
    from comments.states import State
    from tests.factories import make_comment

    return make_comment(post, state=State.PENDING, body=f"One more voice, {words(random.Random(number))}")
