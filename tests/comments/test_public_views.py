"""What visitors see and send."""

import re

import pytest
import time_machine
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import glossary, publishing
from articles.models import Article
from comments import forms, moderation, ownership
from comments.models import Comment, Discussion, Verdict
from comments.states import State
from fibroblog import limits, policy
from fibroblog.models import Policy
from tests.factories import make_article, make_comment

pytestmark = pytest.mark.django_db


def address(article: Article) -> str:
    return f"{article.get_absolute_url()}comments/"


def fields(article: Article, **changes: str) -> dict[str, str]:
    signature = forms.signature_of(article)
    filled = {"name": "Wren", "email": "", "body": "Thank you.", "parent": "", "signature": signature}
    return {**filled, "do": "Send comment", **changes}


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


# Sending -----------------------------------------------------------------------------------------


def test_a_sent_comment_is_seen_by_its_writer_alone(client: Client, article: Article) -> None:
    response = client.post(address(article), fields(article))
    comment = Comment.objects.get()
    assert response.status_code == 302
    assert (
        response["Location"]
        == f"{article.get_absolute_url()}?page=1&sent={comment.public_id}#comment-{comment.public_id}"
    )
    assert response["Cache-Control"] == "private, no-store"
    own = client.get(response["Location"])
    text = own.content.decode()
    assert own["Cache-Control"] == "private, no-store"
    assert f'id="comment-{comment.public_id}"' in text
    assert "Waiting for approval" in text
    assert "Only you can see it, on this device." in text
    assert ownership.code_of(comment) in text
    stranger = Client().get(article.get_absolute_url())
    assert comment.public_id not in stranger.content.decode()
    assert stranger["Cache-Control"] == "no-cache"


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody's comments appear at once."""
    policy.change(Policy(publish_trusted=True))
    monkeypatch.setattr("comments.screening.trust.is_trusted", lambda _: True)


def send(client: Client, article: Article, **changes: str) -> tuple[Comment, str]:
    """The comment, and the page that its writer's browser is led to. The form says where it comes from, as browsers
    do: else it would be noted, and wait."""
    sent = fields(article, **changes)
    response = client.post(address(article), sent, headers={"Sec-Fetch-Site": "same-origin"})
    return Comment.objects.latest("pk"), page(client, response["Location"].partition("#")[0])


@pytest.mark.usefixtures("trusting")
def test_a_comment_published_at_once_is_thanked_for_once(client: Client, article: Article) -> None:
    comment, text = send(client, article)
    assert comment.state == State.APPROVED
    assert "Thank you. Your comment is published." in text
    assert f'data-sent="{comment.public_id}"' in text
    assert ownership.code_of(comment) in text
    with_its_address = f"{article.get_absolute_url()}?sent={comment.public_id}"
    for shown in (page(client, article.get_absolute_url()), page(Client(), with_its_address)):
        assert comment.public_id in shown
        assert ownership.code_of(comment) not in shown


@pytest.mark.usefixtures("trusting")
def test_a_published_reply_without_room_on_the_page_is_thanked_for_all_the_same(
    client: Client, article: Article, approved: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "REPLIES_PER_ROOT", 1)
    make_comment(article, parent=approved)
    reply, text = send(client, article, parent=approved.public_id)
    assert f'id="comment-{reply.public_id}"' not in text
    assert text.count("Your comment is published.") == 1
    assert f'href="{reply.get_absolute_url()}"' in text


def test_a_waiting_comment_is_thanked_for_where_the_script_looks(client: Client, article: Article) -> None:
    comment, text = send(client, article)
    assert f'role="status" data-sent="{comment.public_id}"' in text
    assert "Your comment is waiting for a moderator." in text


def page_without_cookies(article: Article, comment: Comment) -> str:
    return page(Client(), f"{article.get_absolute_url()}?page=1&sent={comment.public_id}")


def test_without_cookies_a_writer_is_told_that_it_arrived_and_no_more(
    client: Client, article: Article, clock: time_machine.Traveller
) -> None:
    comment, own = send(client, article, name="Robin", body="Careful words")
    text = page_without_cookies(article, comment)
    assert "It has arrived and waits for a moderator." in text
    assert f'id="comment-{comment.public_id}"' in text
    assert f'data-sent="{comment.public_id}"' in text
    for secret in ("Robin", "Careful words", ownership.code_of(comment)):
        assert secret not in text
    assert "keeps no cookies" not in own
    elsewhere = make_article()
    assert comment.public_id not in page_without_cookies(elsewhere, comment)
    clock.shift(601)
    assert comment.public_id not in page_without_cookies(article, comment)


@pytest.mark.usefixtures("trusting")
def test_without_cookies_a_published_comment_is_thanked_for_without_its_code(
    client: Client, article: Article
) -> None:
    comment, _ = send(client, article)
    text = page_without_cookies(article, comment)
    assert "Thank you. Your comment is published." in text
    assert "waits for a moderator" not in text
    assert ownership.code_of(comment) not in text


@pytest.mark.parametrize("state", [State.DECLINED, State.REMOVED, State.RETURNED])
def test_an_address_tells_nobody_what_was_decided(article: Article, state: State) -> None:
    comment = make_comment(article, state=state)
    assert comment.public_id not in page_without_cookies(article, comment)


def test_a_mail_is_promised_only_where_we_may_write(
    client: Client, article: Article, approved: Comment
) -> None:
    promise = "If we may write to the address you gave, "
    _, text = send(client, article, email="wren@example.org")
    assert promise in text
    sent = {"reason": "unkind", "email": "robin@example.org"}
    assert promise in client.post(f"{approved.get_absolute_url()}report/", sent).content.decode()


def test_the_ownership_cookie_is_for_one_post_and_not_for_scripts(client: Client, article: Article) -> None:
    cookie = client.post(address(article), fields(article)).cookies["own"]
    assert cookie["path"] == article.get_absolute_url()
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert Comment.objects.get().owner not in cookie.value


def test_a_forged_cookie_counts_as_none(client: Client, article: Article) -> None:
    client.post(address(article), fields(article))
    comment = Comment.objects.get()
    stranger = Client()
    forged = [
        comment.owner,
        signing.Signer(salt="other").sign("key"),
        signing.Signer().sign(comment.owner),
        "x:y",
        "",
    ]
    for value in forged:
        stranger.cookies["own"] = value
        assert comment.public_id not in page(stranger, article.get_absolute_url())


def test_a_double_click_and_a_resend_store_one(client: Client, article: Article) -> None:
    first = client.post(address(article), fields(article))
    again = client.post(address(article), fields(article))
    assert first["Location"] == again["Location"]
    assert Comment.objects.count() == 1


def test_opening_the_address_by_hand_changes_nothing(client: Client, article: Article) -> None:
    assert client.get(address(article))["Location"].endswith("#comment-form")
    assert client.get(address(article) + "?name=x&body=y&do=Send+comment").status_code == 302
    assert not Comment.objects.exists()


def test_a_preview_stores_nothing_and_keeps_the_text(client: Client, article: Article) -> None:
    response = client.post(address(article), fields(article, body="Hello *there*", do="Preview"))
    text = response.content.decode()
    assert response.status_code == 200
    assert "<em>there</em>" in text
    assert "Hello *there*</textarea>" in text
    assert "not sent yet" in text
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said", "status"),
    [
        ({"name": ""}, "Enter your name or a nickname.", 422),
        ({"name": " \u200b "}, "Enter your name or a nickname.", 422),
        ({"name": "x" * 61}, "at most 60 characters; this one has 61", 422),
        ({"body": "  "}, "Write your comment.", 422),
        ({"email": "nonsense"}, "name@example.org", 422),
        ({"body": "x" * 10_001}, "10,001 characters; the most is 10,000", 413),
        ({"parent": "unknown99"}, "no longer shown", 422),
        ({"signature": "of-another-page"}, "send it again", 422),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    client: Client, article: Article, changes: dict[str, str], said: str, status: int
) -> None:
    sent = fields(article, **{"name": "Robin", "body": "Long and careful words", **changes})
    response = client.post(address(article), sent)
    text = response.content.decode()
    assert response.status_code == status
    assert said in text
    assert "<title>Error: " in text
    assert 'id="error-summary"' in text
    assert sent["body"].strip() in text
    assert sent["name"].strip(" \u200b") in text
    assert not Comment.objects.exists()


def test_after_a_lost_parent_the_text_can_be_sent_as_a_new_comment(client: Client, article: Article) -> None:
    text = client.post(address(article), fields(article, parent="unknown99")).content.decode()
    assert 'name="parent" value="unknown99"' not in text
    assert forms.signature_of(article) in text


def test_throttled_text_is_shown_again(client: Client, article: Article) -> None:
    for number in range(limits.COMMENTS_PER_ADDRESS):
        client.post(address(article), fields(article, body=f"Text {number}"))
    response = client.post(address(article), fields(article, body="My seventh text"))
    assert response.status_code == 429
    assert "My seventh text</textarea>" in response.content.decode()
    assert "wait ten minutes" in response.content.decode()


def test_closed_meanwhile_shows_the_text_again(client: Client, article: Article) -> None:
    moderation.set_discussion(Discussion(article=article, status="closed"))
    response = client.post(address(article), fields(article, body="Words too late"))
    assert response.status_code == 409
    assert "Words too late</textarea>" in response.content.decode()
    text = page(client, article.get_absolute_url())
    assert "Comments on this post are closed" in text
    assert 'id="comment-form"' not in text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://testserver.evil.example"},
    ],
)
def test_a_form_sent_by_another_site_is_refused(
    client: Client, article: Article, headers: dict[str, str]
) -> None:
    response = client.post(
        address(article), fields(article, body="A text that is long enough to be given back"), headers=headers
    )
    assert response.status_code == 403
    assert "given back</textarea>" in response.content.decode()
    assert not Comment.objects.exists()


def test_a_form_of_our_own_page_has_no_signals_against_it(client: Client, article: Article) -> None:
    client.post(address(article), fields(article), headers={"Sec-Fetch-Site": "same-origin"})
    assert not Verdict.objects.exists()


def test_a_browser_that_says_nothing_is_taken_in_and_noted(client: Client, article: Article) -> None:
    client.post(address(article), {"name": "Wren", "body": "Hello"})
    assert Comment.objects.get().state == State.PENDING
    assert list(Verdict.objects.values_list("reason", flat=True)) == ["unsigned_form"]


def test_a_comment_on_a_draft_or_unknown_post_is_not_taken(client: Client) -> None:
    draft = make_article(status=Article.Status.DRAFT)
    assert client.post(address(draft), fields(draft)).status_code == 404
    assert client.post("/articles/no-such-post/comments/", {"name": "a", "body": "b"}).status_code == 404


def test_hostile_words_come_out_as_words(client: Client, article: Article) -> None:
    client.post(address(article), fields(article, name="<b>Wren</b>", body="<script>alert(1)</script>"))
    text = page(client, article.get_absolute_url())
    assert "&lt;b&gt;Wren&lt;/b&gt;" in text
    assert "<script>alert" not in text


# Reading -----------------------------------------------------------------------------------------


def test_a_reply_quotes_whom_it_answers(client: Client, article: Article, approved: Comment) -> None:
    text = page(client, f"{article.get_absolute_url()}?reply={approved.public_id}")
    assert f"Reply to {approved.name}" in text
    assert f'value="{approved.public_id}"' in text
    assert "Cancel reply" in text


def test_a_reply_to_what_is_gone_says_so(client: Client, article: Article, pending: Comment) -> None:
    for public_id in (pending.public_id, "nonsense"):
        text = page(client, f"{article.get_absolute_url()}?reply={public_id}")
        assert "no longer shown" in text
        assert pending.body not in text


@pytest.mark.parametrize("state", [State.PENDING, State.DECLINED, State.SPAM, State.REMOVED])
def test_what_is_not_approved_is_on_no_public_page(client: Client, article: Article, state: State) -> None:
    comment = make_comment(article, state=state, body="Unseen words", name="Unseen name")
    permalink = f"{address(article)}{comment.public_id}/"
    for path in [
        "/",
        article.get_absolute_url(),
        "/feeds/comments.atom",
        f"{article.get_absolute_url()}comments.atom",
        "/sitemap.xml",
        "/search/?q=Unseen",
    ]:
        assert "Unseen words" not in page(client, path)
        assert "Unseen name" not in page(client, path)
    assert client.get(permalink).status_code == 404


def test_a_tombstone_says_who_took_it_away_and_not_what_it_was(client: Client, article: Article) -> None:
    for state, said in [
        (State.REMOVED, "removed by a moderator"),
        (State.WITHDRAWN, "withdrawn by its writer"),
    ]:
        parent = make_comment(article, body="Gone words", name="Gone name")
        make_comment(article, parent=parent)
        if state == State.WITHDRAWN:
            moderation.withdraw(parent)
        else:
            moderation.move(parent, state, by=None, seen=moderation.Seen.of(parent))
        text = page(client, article.get_absolute_url())
        assert said in text
        assert "Gone words" not in text
        assert "Gone name" not in text


def test_a_declined_writer_reads_the_reason_and_nobody_else_does(client: Client, article: Article) -> None:
    client.post(address(article), fields(article, body="Take this"))
    comment = Comment.objects.get()
    seen = moderation.Seen.of(comment)
    moderation.move(
        comment, State.DECLINED, by=None, seen=seen, reason="advice", note="Tell us how it was for you."
    )
    text = page(client, article.get_absolute_url())
    assert "Not published" in text
    assert "advice on treatment or doses" in text
    assert "Tell us how it was for you." in text
    assert "Take this" not in page(Client(), article.get_absolute_url())


def test_pages_hold_fifty_roots_and_twenty_replies_each(client: Client, article: Article) -> None:
    roots = [make_comment(article) for _ in range(51)]
    for _ in range(23):
        make_comment(article, parent=roots[0])
    text = page(client, article.get_absolute_url())
    assert text.count("<li>\n<article") == 50 + 20
    assert "Show 3 more replies" in text
    assert f'id="comment-{roots[50].public_id}"' not in text
    assert roots[50].public_id in page(client, f"{article.get_absolute_url()}?page=2")


def test_no_page_holds_more_than_two_hundred(
    client: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "COMMENTS_PER_PAGE", 10)
    roots = [make_comment(article) for _ in range(4)]
    for root in roots:
        for _ in range(3):
            make_comment(article, parent=root)
    assert page(client, article.get_absolute_url()).count("<li>\n<article") == 10


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "99999999999", "1.0", "²"])
def test_pages_that_do_not_exist_are_not_found(client: Client, article: Article, number: str) -> None:
    assert client.get(article.get_absolute_url(), {"page": number}).status_code == 404


def test_a_permalink_shows_what_it_answers_and_its_replies(
    client: Client, article: Article, approved: Comment
) -> None:
    reply = make_comment(article, parent=approved)
    deeper = make_comment(article, parent=reply)
    other = make_comment(article, parent=approved, body="A different branch")
    text = page(client, f"{address(article)}{reply.public_id}/")
    assert approved.public_id in text
    assert f'id="comment-{reply.public_id}"' in text
    assert f'id="comment-{deeper.public_id}"' in text
    assert other.body not in text
    assert f"?page=1#comment-{reply.public_id}" in text


def test_a_permalink_leads_to_the_right_page_of_the_discussion(client: Client, article: Article) -> None:
    comments = [make_comment(article) for _ in range(51)]
    text = page(client, f"{address(article)}{comments[50].public_id}/")
    assert f"?page=2#comment-{comments[50].public_id}" in text


def test_a_comment_sent_when_the_last_page_is_full_is_shown_there(client: Client, article: Article) -> None:
    for _ in range(limits.ROOTS_PER_PAGE):
        make_comment(article)
    response = client.post(address(article), fields(article))
    assert "Waiting for approval" in page(client, response["Location"].partition("#")[0])


def test_the_writer_finds_their_waiting_reply_on_its_parents_page(
    client: Client, article: Article, approved: Comment
) -> None:
    client.post(address(article), fields(article, parent=approved.public_id, body="My waiting reply"))
    permalink = f"{address(article)}{approved.public_id}/"
    assert "My waiting reply" in page(client, permalink)
    assert "My waiting reply" not in page(Client(), permalink)


def test_no_page_holds_the_address_that_its_own_reader_gave(client: Client, article: Article) -> None:
    client.post(address(article), fields(article, name="Robin", email="robin@example.org"))
    text = page(client, article.get_absolute_url())
    assert "Waiting for approval" in text
    assert 'value="Robin"' not in text
    assert "robin@example.org" not in text


def test_a_form_left_open_while_the_post_was_renamed_still_posts(client: Client, article: Article) -> None:
    old = address(article)
    article.slug = "renamed"
    publishing.save_article(article)
    assert client.post(old, fields(article)).status_code == 302
    assert Comment.objects.get().article == article
    assert page(client, old.replace("comments/", "comments.atom"))


def test_a_long_branch_has_pages(
    client: Client, article: Article, approved: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "COMMENTS_PER_PAGE", 2)
    replies = [make_comment(article, parent=approved) for _ in range(3)]
    permalink = f"{address(article)}{approved.public_id}/"
    assert replies[2].public_id not in page(client, permalink)
    assert replies[2].public_id in page(client, f"{permalink}?page=2")
    assert client.get(f"{permalink}?page=3").status_code == 404


def test_replies_close_their_lists_in_the_page(client: Client, article: Article, approved: Comment) -> None:
    parent = approved
    for _ in range(6):
        parent = make_comment(article, parent=parent)
    make_comment(article)
    text = page(client, article.get_absolute_url())
    for tag in ("ul", "li", "details", "article", "section"):
        assert len(re.findall(rf"<{tag}[ >]", text)) == text.count(f"</{tag}>"), tag


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def bulk(article: Article, count: int, *, parents: list[Comment] | None = None) -> list[Comment]:
    rows = [
        Comment(
            article=article,
            parent=parents[number % len(parents)] if parents else None,
            root=parents[number % len(parents)] if parents else None,
            name="Crowd",
            body="b",
            html="<p>b</p>",
            digest=f"bulk-{article.pk}-{bool(parents)}-{number}",
            state=State.APPROVED,
            in_thread=True,
        )
        for number in range(count)
    ]
    return Comment.objects.bulk_create(rows)


def test_an_article_takes_the_same_queries_with_1_50_and_5000_comments(client: Client) -> None:
    glossary.entries()  # which a process reads once
    counts = {}
    for size in (1, 50, 5_000):
        article = make_article()
        roots = bulk(article, max(1, size // 5))
        bulk(article, size - len(roots), parents=roots)
        assert Comment.objects.filter(article=article).count() == size
        path = article.get_absolute_url()
        counts[size] = queries(client, path)
        owner = Client()
        owner.post(address(article), fields(article))
        assert queries(owner, path) <= counts[size] + 4
        permalink = f"{address(article)}{roots[0].public_id}/"
        assert queries(client, permalink) <= 12
    assert counts[50] == counts[5_000]
    # The one comment has no reply, so that there is none to fetch.
    assert counts[1] == counts[50] - 1
    assert counts[50] <= 18


def test_the_writers_own_comments_cost_no_query_each(
    client: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "COMMENTS_PER_ADDRESS", 100)
    client.post(address(article), fields(article))
    one = queries(client, article.get_absolute_url())
    for number in range(8):
        client.post(address(article), fields(article, body=f"More {number}"))
    for comment in Comment.objects.all()[:4]:
        moderation.move(
            comment, State.DECLINED, by=None, seen=moderation.Seen.of(comment), reason="other", note="n"
        )
    assert queries(client, article.get_absolute_url()) <= one + 1


# Feeds -------------------------------------------------------------------------------------------


def test_feeds_hold_visible_comments_and_are_not_sent_twice(
    client: Client, article: Article, approved: Comment
) -> None:
    elsewhere = make_comment(make_article())
    response = client.get("/feeds/comments.atom")
    assert response["Content-Type"].startswith("application/atom+xml")
    assert approved.public_id in response.content.decode()
    assert elsewhere.public_id in response.content.decode()
    mine = client.get(f"{article.get_absolute_url()}comments.atom").content.decode()
    assert approved.public_id in mine
    assert elsewhere.public_id not in mine
    since = {"If-None-Match": response["ETag"]}
    assert client.get("/feeds/comments.atom", headers=since).status_code == 304


def test_a_withdrawn_comment_is_gone_from_the_feed_at_once(
    client: Client, article: Article, approved: Comment
) -> None:
    first = client.get("/feeds/comments.atom")
    moderation.withdraw(approved)
    again = client.get("/feeds/comments.atom", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert approved.public_id not in again.content.decode()
