"""Reading a long discussion: its order, its pages, its permalinks, what is new, its feeds, and what never gets lost."""

import gzip
import random
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import glossary
from articles.models import Article
from comments import moderation
from comments.models import Comment, Discussion
from comments.states import State
from fibroblog import limits
from tests.comments.test_public_views import address, fields, page
from tests.factories import make_article, make_comment, make_crowd

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def ids(text: str) -> list[str]:
    """The comments of a page in reading order."""
    return re.findall(r'<article class="comment[^>]* id="comment-(\w+)"', text)


def public_ids(*comments: Comment) -> list[str]:
    return [comment.public_id for comment in comments]


# Order -------------------------------------------------------------------------------------------


def test_newest_first_turns_the_threads_round_and_not_the_replies(client: Client, article: Article) -> None:
    first, second = make_comment(article), make_comment(article)
    replies = [make_comment(article, parent=first) for _ in range(2)]
    assert ids(page(client, article.get_absolute_url())) == public_ids(first, *replies, second)
    turned = page(client, f"{article.get_absolute_url()}?order=newest")
    assert ids(turned) == public_ids(second, first, *replies)
    for tag in ("ul", "li", "details", "article", "section", "nav"):
        assert len(re.findall(rf"<{tag}[ >]", turned)) == turned.count(f"</{tag}>"), tag


@pytest.mark.parametrize("order", ["", "oldest", "NEWEST", "newest ", "best"])
def test_an_order_that_nobody_offers_means_oldest_first(client: Client, article: Article, order: str) -> None:
    comments = [make_comment(article) for _ in range(2)]
    response = client.get(article.get_absolute_url(), {"order": order})
    assert ids(response.content.decode()) == public_ids(*comments)


def test_the_order_is_kept_from_page_to_page_and_the_plain_page_is_the_canonical_one(
    client: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ROOTS_PER_PAGE", 2)
    comments = [make_comment(article) for _ in range(5)]
    path = article.get_absolute_url()
    text = page(client, f"{path}?order=newest&page=2")
    assert ids(text) == public_ids(comments[2], comments[1])
    assert f'rel="prev" href="{path}?order=newest&amp;page=1#comments">Newer comments' in text
    assert f'rel="next" href="{path}?order=newest&amp;page=3#comments">Older comments' in text
    assert f'href="{path}#comments">Oldest first' in text
    assert f'href="{path}?order=newest#comments" aria-current="true">Newest first' in text
    assert re.findall(r'<link rel="canonical" href="[^"]*?(/[^/"]*/[^/"]*/[^/"]*)"', text) == [path]
    names = re.findall(r'<nav [^>]*aria-label="([^"]+)"', text)
    assert "Pages of comments" in names
    assert len(names) == len(set(names))
    plain = page(client, f"{path}?page=2")
    assert f'href="{path}#comments" aria-current="true">Oldest first' in plain
    assert f'href="{path}?page=3#comments">Later comments' in plain


def test_an_order_is_offered_only_where_it_makes_a_difference(client: Client, article: Article) -> None:
    assert "Newest first" not in page(client, article.get_absolute_url())
    make_comment(article)
    assert "Newest first" not in page(client, article.get_absolute_url())
    make_comment(article)
    assert "Newest first" in page(client, article.get_absolute_url())


def test_ones_own_waiting_comment_is_the_newest_of_all(
    client: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ROOTS_PER_PAGE", 2)
    for _ in range(3):
        make_comment(article)
    client.post(address(article), fields(article))
    own = Comment.objects.get(state=State.PENDING).public_id
    path = article.get_absolute_url()
    assert ids(page(client, f"{path}?order=newest"))[0] == own
    assert own not in ids(page(client, f"{path}?order=newest&page=2"))
    assert own not in ids(page(client, path))
    assert ids(page(client, f"{path}?page=2"))[-1] == own


# Permalinks --------------------------------------------------------------------------------------


def test_a_reply_without_room_on_the_page_is_looked_for_at_its_thread(
    client: Client, article: Article, approved: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "REPLIES_PER_ROOT", 2)
    shown, also_shown, left_out = (make_comment(article, parent=approved) for _ in range(3))
    for reply in (shown, also_shown):
        text = page(client, f"{address(article)}{reply.public_id}/")
        assert f'?page=1#comment-{reply.public_id}">See it in the whole discussion' in text
    text = page(client, f"{address(article)}{left_out.public_id}/")
    assert f'?page=1#comment-{approved.public_id}">See its thread in the whole discussion' in text
    assert left_out.public_id not in ids(page(client, article.get_absolute_url()))


def test_in_reply_to_leads_to_the_parent_wherever_it_stands(
    client: Client, article: Article, approved: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "COMMENTS_PER_PAGE", 2)
    parent = make_comment(article, parent=approved)
    make_comment(article, parent=approved)
    reply = make_comment(article, parent=parent)
    near = make_comment(article, parent=reply)
    text = page(client, f"{address(article)}{approved.public_id}/?page=2")
    assert ids(text) == public_ids(approved, reply, near)
    assert f'replying to <a href="{address(article)}{parent.public_id}/">{parent.name}</a>' in text
    assert f'replying to <a href="#comment-{reply.public_id}">{reply.name}</a>' in text
    for fragment in re.findall(r'replying to <a href="#comment-(\w+)"', text):
        assert fragment in ids(text)


def test_on_its_own_page_a_reply_says_whom_it_answers(
    client: Client, article: Article, approved: Comment
) -> None:
    reply = make_comment(article, parent=approved)
    text = page(client, f"{address(article)}{reply.public_id}/")
    assert f'replying to <a href="{address(article)}{approved.public_id}/">{approved.name}</a>' in text


# What is new -------------------------------------------------------------------------------------


def latest(text: str) -> list[tuple[int, str]]:
    found = re.search(r'data-latest="([^"]*)"', text)
    assert found is not None
    return [(int(at), public_id) for at, _, public_id in (e.partition(".") for e in found[1].split())]


def test_the_page_says_which_comments_readers_could_see_last(
    client: Client, article: Article, clock: time_machine.Traveller
) -> None:
    slow = make_comment(article, state=State.PENDING)
    clock.shift(60)
    quick = make_comment(article)
    clock.shift(60)
    moderation.move(slow, State.APPROVED, by=None, seen=moderation.Seen.of(slow))
    make_comment(make_article())
    now = int(timezone.now().timestamp() * 1000)
    text = page(client, article.get_absolute_url())
    assert latest(text) == [(now, slow.public_id), (now - 60_000, quick.public_id)]
    assert 'data-most="50"' in text


def test_what_is_not_visible_is_no_news(client: Client, article: Article) -> None:
    for state in (State.PENDING, State.DECLINED, State.SPAM, State.REMOVED, State.WITHDRAWN):
        make_comment(article, state=state)
    parent = make_comment(article)
    make_comment(article, parent=parent)
    moderation.withdraw(parent)
    text = page(client, article.get_absolute_url())
    assert len(ids(text)) == 2
    assert [public_id for _, public_id in latest(text)] == [ids(text)[1]]


def test_nobodys_own_comment_is_news_to_them_and_strangers_get_the_same_bytes(
    client: Client, article: Article, approved: Comment
) -> None:
    client.post(address(article), fields(article))
    own = Comment.objects.get(state=State.PENDING)
    assert [public_id for _, public_id in latest(page(client, article.get_absolute_url()))] == [
        approved.public_id
    ]
    moderation.move(own, State.APPROVED, by=None, seen=moderation.Seen.of(own))
    assert own.public_id not in {
        public_id for _, public_id in latest(page(client, article.get_absolute_url()))
    }
    stranger, other = page(Client(), article.get_absolute_url()), page(Client(), article.get_absolute_url())
    assert len(latest(stranger)) == 2
    assert stranger == other


def test_no_more_than_fifty_are_told_apart(client: Client, article: Article) -> None:
    make_crowd(article, roots=60, each=1, deep=1)
    assert len(latest(page(client, article.get_absolute_url()))) == limits.NEW_COMMENTS_COUNTED == 50


# Feeds -------------------------------------------------------------------------------------------


def entries(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200, path
    feed = ElementTree.fromstring(response.content)  # noqa: S314  # our own feed
    return [str(entry.findtext(f"{ATOM}id")).rpartition(":")[2] for entry in feed.iter(f"{ATOM}entry")]


def replies_of(comment: Comment) -> str:
    return f"{comment.get_absolute_url()}replies.atom"


def test_a_feed_begins_with_what_was_let_through_last(
    client: Client, article: Article, clock: time_machine.Traveller
) -> None:
    parent = make_comment(article)
    slow = make_comment(article, parent=parent, state=State.PENDING)
    clock.shift(3600)
    quick = make_comment(article, parent=parent)
    clock.shift(3600)
    moderation.move(slow, State.APPROVED, by=None, seen=moderation.Seen.of(slow))
    assert entries(client, replies_of(parent)) == public_ids(slow, quick)
    for path in ("/feeds/comments.atom", f"{article.get_absolute_url()}comments.atom"):
        assert entries(client, path) == public_ids(slow, quick, parent)
        published = re.search(r"<published>([^<]+)<", page(client, path))
        assert published is not None
        assert published[1] == timezone.now().isoformat()


def test_the_feed_of_replies_holds_every_visible_reply_below_and_nothing_else(
    client: Client, article: Article, approved: Comment
) -> None:
    reply = make_comment(article, parent=approved)
    deeper = make_comment(article, parent=reply)
    gone = make_comment(article, parent=approved)
    below_gone = make_comment(article, parent=gone)
    moderation.withdraw(gone)
    make_comment(article, parent=approved, state=State.PENDING)
    make_comment(article)
    assert entries(client, replies_of(approved)) == public_ids(below_gone, deeper, reply)
    assert entries(client, replies_of(deeper)) == []
    text = page(client, approved.get_absolute_url())
    assert text.count(f'href="{replies_of(approved)}"') == 2


def test_a_feed_of_replies_is_told_apart_from_changed_and_unchanged(
    client: Client, article: Article, approved: Comment
) -> None:
    first = client.get(replies_of(approved))
    asked = {"If-None-Match": first["ETag"]}
    assert client.get(replies_of(approved), headers=asked).status_code == 304
    make_comment(article, parent=approved)
    assert client.get(replies_of(approved), headers=asked).status_code == 200


@pytest.mark.parametrize(
    "state", [State.PENDING, State.DECLINED, State.SPAM, State.REMOVED, State.WITHDRAWN, State.RETURNED]
)
def test_a_comment_that_is_not_visible_has_no_feed(client: Client, article: Article, state: State) -> None:
    comment = make_comment(article, state=state)
    assert client.get(replies_of(comment)).status_code == 404


def test_a_tombstone_offers_no_feed_and_other_posts_do_not_know_the_comment(
    client: Client, article: Article, approved: Comment
) -> None:
    elsewhere = make_article()
    assert client.get(f"{address(elsewhere)}{approved.public_id}/replies.atom").status_code == 404
    make_comment(article, parent=approved)
    moderation.withdraw(approved)
    assert client.get(replies_of(approved)).status_code == 404
    assert "replies.atom" not in page(client, approved.get_absolute_url())


# Nothing is lost ---------------------------------------------------------------------------------


def test_a_form_open_for_three_days_still_posts(
    client: Client, article: Article, clock: time_machine.Traveller
) -> None:
    strict = Client(enforce_csrf_checks=True)
    text = page(strict, article.get_absolute_url())
    signature = re.search(r'name="signature" value="([^"]+)"', text)
    assert signature is not None
    clock.shift(timedelta(days=3))
    sent = fields(article, signature=signature[1], seconds=str(3 * 24 * 3600.0))
    assert strict.post(address(article), sent).status_code == 302
    assert Comment.objects.get().state == State.PENDING


def throttle(article: Article) -> None:
    for number in range(limits.COMMENTS_PER_ADDRESS):
        Client().post(address(article), fields(article, body=f"Earlier {number}"))


def close(article: Article) -> None:
    moderation.set_discussion(Discussion(article=article, status="closed"))


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"email": "robin@example"}, 422),
        ({"body": "too long " * 2_000}, 413),
        ({"parent": "unknown99"}, 422),
        ({"signature": "of-another-page"}, 422),
        ({"throttled": "yes"}, 429),
        ({"closed": "yes"}, 409),
        ({"do": "Preview"}, 200),
    ],
)
def test_what_was_typed_is_given_back_whatever_was_wrong(
    client: Client, article: Article, changes: dict[str, str], status: int
) -> None:
    for made, happens in {"throttled": throttle, "closed": close}.items():
        if made in changes:
            happens(article)
    sent = fields(
        article, **{"name": "Robin", "email": "robin@example.org", "body": "Careful words", **changes}
    )
    before = Comment.objects.count()
    response = client.post(address(article), sent)
    text = response.content.decode()
    assert response.status_code == status
    assert 'name="name" value="Robin"' in text
    assert f'name="email" value="{sent["email"]}"' in text
    assert f"{sent['body']}</textarea>" in text
    assert Comment.objects.count() == before


def test_a_form_for_a_change_that_was_open_too_long_gives_the_text_back(
    client: Client, article: Article
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.post(address(article), fields(article))
    comment = Comment.objects.get()
    response = strict.post(
        f"{comment.get_absolute_url()}edit/", {"body": "Better words", "csrfmiddlewaretoken": "old"}
    )
    assert response.status_code == 403
    assert "Better words</textarea>" in response.content.decode()
    comment.refresh_from_db()
    assert comment.body == "Thank you."


# On the wire ---------------------------------------------------------------------------------------


def test_a_post_with_fifty_comments_stays_within_its_budget(client: Client, article: Article) -> None:
    letters = random.Random(1)  # words that do not compress better than people's own
    for _ in range(50):
        words = ("".join(letters.choices("etaoinshrdlu", k=5)) for _ in range(60))
        make_comment(article, body=" ".join(words))
    text = page(client, article.get_absolute_url())
    assert len(ids(text)) == 50
    assert len(gzip.compress(text.encode())) <= 30_000


# A very long discussion ---------------------------------------------------------------------------


def queries(path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = Client().get(path)
    assert response.status_code == 200, path
    assert len(ids(response.content.decode())) <= limits.COMMENTS_PER_PAGE + 1  # the comment and its replies
    return len(captured)


def paths(article: Article, *, pages: list[int], deep: Comment, root: Comment) -> list[str]:
    path = article.get_absolute_url()
    shown = [path, *(f"{path}?page={number}" for number in pages)]
    shown += [f"{path}?order=newest", f"{path}?order=newest&page={pages[-1]}"]
    return [*shown, deep.get_absolute_url(), root.get_absolute_url(), replies_of(root)]


def test_ten_thousand_comments_nine_levels_deep_read_like_fifty(client: Client) -> None:
    small, large = make_article(), make_article()
    few = make_crowd(small, roots=5, each=10, deep=9)
    many = make_crowd(large, roots=500, each=20, deep=9)
    assert Comment.objects.filter(article=large).count() == 10_000
    assert len(Comment.objects.ancestors_of(many[-1])) == 8
    glossary.entries()  # which a process reads once
    counted = [queries(path) for path in paths(large, pages=[5, 10], deep=many[-1], root=many[0])]
    assert counted == [queries(path) for path in paths(small, pages=[1, 1], deep=few[-1], root=few[0])]
    assert max(counted) <= 18
    assert client.get(f"{large.get_absolute_url()}?page=11").status_code == 404

    # Every permalink leads to the page, and to the comment or where there is no room for it to its thread.
    by_pk = {comment.pk: comment for comment in many}
    led = set()
    for comment in (many[0], many[250], many[499], many[500], many[-1], many[-400]):
        link = re.search(
            r'href="([^"]+)#comment-(\w+)">See (its?) ', page(client, comment.get_absolute_url())
        )
        assert link is not None
        there, anchor, what = link.groups()
        shown = ids(page(client, there))
        root = by_pk[comment.root_id or comment.pk]
        assert anchor == (comment if what == "it" else root).public_id
        assert anchor in shown
        assert (comment.public_id in shown) == (what == "it")
        led.add(what)
    assert led == {"it", "its"}
