"""Stores the crowd in bulk, past the verbs, which would take hours; it leaves what they would have left.

Each step is one transaction, with the search's index and the page stamps. What is stored already is read from the rows
themselves, so that it goes on where it was broken off, or grows when it is asked for more.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import chain

from django.db import models, transaction
from django.utils import timezone

from articles import documents as posts_told
from articles.models import Article, Author, Tag
from benchmarks.crowd import rows
from benchmarks.crowd.bulk import Row, insert, reserve, roomy_sqlite
from benchmarks.crowd.plan import MOST, Line, Plan, end_of, first_published_at, people_at
from benchmarks.crowd.texts import Texts
from comments.models import Comment, Commenter, Decision, Report, Verdict
from comments.querysets import CommentQuerySet
from comments.states import State
from fibroblog import pages
from fibroblog.search import index
from fibroblog.search.models import Kind

WAVES = 20  # in one transaction
POST_SLUG = r"^crowd-[0-9]+-[0-9]+$"


class OtherCrowd(Exception):
    """The site holds a crowd of another seed; the two would mix."""


def fill(
    count: int,
    plan: Plan | None = None,
    *,
    waves: int = WAVES,
    tell: Callable[[int], None] = lambda stored: None,
) -> None:
    """Make the crowd of the site ``count`` comments large; ``tell`` hears how many it has after each step.

    To grow it, give the plan that it was begun with. A crowd that is larger already stays as it is. Raises OtherCrowd.
    """
    plan = plan or Plan()
    if posts().exclude(slug__startswith=f"crowd-{plan.seed}-").exists():
        raise OtherCrowd(
            "This site holds a crowd of another seed. Remove that first: make crowd ARGS=--clear"
        )
    filler = _Filler(plan)
    number = stored()
    tell(number)
    with roomy_sqlite():
        while number < count:
            step = plan.wave * waves
            until = min(count, (number // step + 1) * step)
            filler.step(number, until)
            number = until
            tell(number)


def comments() -> CommentQuerySet:
    first, last = (rows.COMMENT.format(number) for number in (0, MOST - 1))
    return Comment.objects.filter(public_id__range=(first, last))


def posts() -> models.QuerySet[Article]:
    return Article.objects.filter(slug__regex=POST_SLUG)


def people() -> models.QuerySet[Commenter]:
    return Commenter.objects.filter(email__endswith=f"@{rows.MAIL_DOMAIN}")


def stored() -> int:
    """How many of the crowd's comments the site has. Somebody may have removed some since: the last one counts."""
    last = comments().order_by("-public_id").values_list("public_id", flat=True).first()
    return int(last.removeprefix("crowd")) + 1 if last else 0


class _Filler:
    """Knows the keys of the posts and people that are there."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.texts = Texts(plan.seed)
        self.end = _end(plan)
        self.posts = {int(slug.rpartition("-")[2]): pk for slug, pk in posts().values_list("slug", "pk")}
        self.people = {
            int(email.partition("@")[0].removeprefix("crowd-")): pk
            for email, pk in people().values_list("email", "pk")
        }

    @transaction.atomic
    def step(self, number: int, until: int) -> None:
        """Comments from ``number`` up to ``until``, with all that belongs to them."""
        index.hold()
        new_posts = self._add_posts(until - 1)
        self._add_people(until - 1)
        waves = range(number // self.plan.wave, (until - 1) // self.plan.wave + 1)
        made: list[Row] = []
        for wave in waves:
            lines = [line for line in self.plan.lines(wave) if line.number < until]
            made += self._add_wave(lines, number)
        index.put(_document(comment) for comment in made if comment["state"] == State.APPROVED)
        touched = {comment["article_id"] for comment in made}
        pages.changed(articles=new_posts, site=bool(new_posts), discussions=touched, counts=True)

    def _add_posts(self, number: int) -> list[int]:
        """Those that are there by then, and were not before; returns their keys."""
        missing = [post for post in range(self.plan.posts_at(number)) if post not in self.posts]
        if not missing:
            return []
        author, _ = Author.objects.get_or_create(slug="crowd", defaults={"name": "Crowd"})
        topics = [
            Tag.objects.get_or_create(slug=f"crowd-{topic}", defaults={"name": f"Crowd {topic}"})[0]
            for topic in range(rows.TOPICS)
        ]
        made = Article.objects.bulk_create(
            rows.post_of(post, self.plan, self.texts, self.end) for post in missing
        )
        Article.authors.through.objects.bulk_create(
            Article.authors.through(article_id=post.pk, author_id=author.pk) for post in made
        )
        Article.tags.through.objects.bulk_create(
            Article.tags.through(article_id=post.pk, tag_id=topics[number % rows.TOPICS].pk)
            for number, post in zip(missing, made, strict=True)
        )
        keys = [post.pk for post in made]
        index.put(posts_told.documents(Article.objects.filter(pk__in=keys)))
        self.posts |= dict(zip(missing, keys, strict=True))
        return keys

    def _add_people(self, number: int) -> None:
        missing = [person for person in range(people_at(number)) if person not in self.people]
        made = Commenter.objects.bulk_create(rows.person_of(person, self.end) for person in missing)
        self.people |= {number: person.pk for number, person in zip(missing, made, strict=True)}

    def _add_wave(self, lines: list[Line], number: int) -> list[Row]:
        """The lines of a wave from ``number`` on; those before are stored."""
        placed = _in_thread(lines)
        new = [line for line in lines if line.number >= number]
        keys = self._keys_of_stored([line for line in lines if line.number < number], placed)
        keys |= {line.number: pk for line, pk in zip(new, reserve(Comment, len(new)), strict=True)}
        made = [self._comment(line, keys, in_thread=line.number in placed) for line in new]
        insert(Comment, made)
        numbered = [(line, keys[line.number]) for line in new]
        insert(
            Decision, chain.from_iterable(rows.decisions_on(*one, self.plan, self.end) for one in numbered)
        )
        insert(Verdict, chain.from_iterable(rows.verdicts_on(*one) for one in numbered))
        for line, pk in numbered:
            if line.kind == "reported":
                self._report(line, pk)
        return made

    def _report(self, line: Line, comment: int) -> None:
        case, reports = rows.case_of(line, comment, self.end)
        case.save(force_insert=True)
        for report in reports:
            report.case = case
        Report.objects.bulk_create(reports)

    def _comment(self, line: Line, keys: dict[int, int], *, in_thread: bool) -> Row:
        return {
            **rows.comment_of(line, self.texts, self.end, in_thread=in_thread),
            "id": keys[line.number],
            "article_id": self.posts[line.post],
            "parent_id": None if line.parent is None else keys[line.parent],
            "root_id": None if line.root is None else keys[line.root],
            "commenter_id": None if line.person is None else self.people[line.person],
        }

    @staticmethod
    def _keys_of_stored(lines: list[Line], placed: set[int]) -> dict[int, int]:
        """Of a wave that was begun before. What was withdrawn may get its first visible reply only now."""
        if not lines:
            return {}
        begun = comments().filter(public_id__gte=rows.COMMENT.format(lines[0].number))
        names = {rows.COMMENT.format(line.number) for line in lines if line.number in placed}
        begun.filter(in_thread=False, public_id__in=names).update(in_thread=True)
        return {int(name.removeprefix("crowd")): pk for name, pk in begun.values_list("public_id", "pk")}


def _end(plan: Plan) -> datetime:
    """The moment at which the crowd ends: now, or what it was when the crowd was begun."""
    first = posts().filter(slug=f"crowd-{plan.seed}-0").values_list("published_at", flat=True).first()
    return end_of(first or first_published_at(timezone.now().replace(microsecond=0)))


def _in_thread(lines: Sequence[Line]) -> set[int]:
    """The visible ones, and withdrawn ones above visible ones."""
    by_number = {line.number: line for line in lines}
    placed: set[int] = set()
    for line in lines:
        number: int | None = line.number if line.kind in {"approved", "reported"} else None
        while number is not None and number not in placed:
            placed.add(number)
            number = by_number[number].parent
    return placed


def _document(comment: Row) -> index.Document:
    """As `comments.documents` tells it, without looking for markup where there is none but paragraphs."""
    body = comment["body"].replace("\n\n", " ")
    return index.Document(
        Kind.COMMENT,
        comment["id"],
        comment["article_id"],
        comment["created_at"],
        title="",
        head="",
        body=body,
    )
