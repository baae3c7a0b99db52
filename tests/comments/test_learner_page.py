"""The learner's page: moderators look, try and have it learn; only administrators export, import and reset."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tasks_db.models import DBTaskResult

from comments import learner, learner_file, learning
from comments.learner import Knowledge
from comments.models import Comment, Decision
from comments.states import State
from fibroblog import policy
from fibroblog.models import Policy
from tests.conftest import signed_in

from .test_learner import texts

pytestmark = pytest.mark.django_db
PAGE = "/admin/comments/learner/"
VERBS = ["train/", "export/", "import/", "reset/"]


@pytest.fixture
def knows(administrator: User) -> Knowledge:
    """From an import, as a new site begins."""
    knowledge = learner.learn(texts())
    learning.take_in(knowledge, by=administrator)
    return knowledge


def entries() -> list[str]:
    """What the log says of the learner, oldest first."""
    return [f"{one.by} {one.was} → {one.to}" for one in Decision.log.filter(what="learner").order_by("pk")]


def send(client: Client, content: bytes) -> Any:
    return client.post(f"{PAGE}import/", {"file": SimpleUploadedFile("a.json", content)})


def said(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_new_site_says_that_it_knows_too_little(moderator: User) -> None:
    page = said(signed_in(moderator).get(PAGE))
    assert "That is not enough yet." in page
    assert "Nothing to go by yet." in page
    assert "Its weightiest words" not in page


def test_it_shows_what_it_knows(moderator: User, knows: Knowledge) -> None:
    page = said(signed_in(moderator).get(PAGE))
    assert "That is enough" in page
    assert f"<dd>{knows.spam} texts</dd>" in page
    spam, ham = knows.words["click"]
    assert f'<th scope="row">click</th><td>{spam}</td><td>{ham}</td>' in page
    assert "Reset…" not in page


def test_how_well_it_does_begins_with_ham_held_in_error(moderator: User) -> None:
    learning.train.call()
    learning._keep(Knowledge(), learner.Trial(30, 1, 10, 8), began=learning.row().trained_at, since=None)
    page = said(signed_in(moderator).get(PAGE))
    assert page.index("held in error</dt><dd>1 of 30") < page.index("noticed</dt><dd>8 of 10")
    assert "Right when it said spam</dt><dd>8 of 9" in page


def test_a_text_is_tried_and_not_kept(moderator: User, knows: Knowledge) -> None:
    client = signed_in(moderator)
    page = said(client.post(PAGE, {"text": "Buy cheap pills online, best price, order now!"}))
    assert "Reads like earlier spam" in page
    assert "price" in page.partition("Words that weigh most for that:")[2].partition(".")[0]
    page = said(client.post(PAGE, {"text": "The pain & the <b>bath</b>"}))
    assert "It would say nothing on the card." in page
    assert "&lt;b&gt;bath" in page
    assert not Comment.objects.exists()
    assert len(entries()) == 1  # the import


def test_who_may_be_at_risk_gets_no_score_here_either(moderator: User, knows: Knowledge) -> None:
    page = said(signed_in(moderator).post(PAGE, {"text": "I want to end my life. Cheap pills, best price."}))
    assert "<strong>No score.</strong> Someone may be at risk" in page
    assert "Reads like" not in page.partition('class="tried"')[2]


def test_without_knowledge_a_text_gets_no_score(moderator: User) -> None:
    assert "It knows too little yet." in said(signed_in(moderator).post(PAGE, {"text": "Cheap pills"}))


def test_no_text_and_a_long_text_are_refused_and_not_lost(moderator: User) -> None:
    client = signed_in(moderator)
    empty, long = client.post(PAGE, {"text": ""}), client.post(PAGE, {"text": "dear words " * 1000})
    assert (empty.status_code, long.status_code) == (422, 422)
    assert "Write or paste a text first." in said(empty)
    assert "dear words dear words" in said(long)


def test_learn_now_is_asked_once_however_often_it_is_pressed(moderator: User) -> None:
    client = signed_in(moderator)
    assert client.post(f"{PAGE}train/").headers["Location"] == PAGE
    client.post(f"{PAGE}train/")
    assert DBTaskResult.objects.filter(task_path=learning.train.module_path).count() == 1
    assert entries() == ["mo  → asked to learn now"]
    page = said(client.get(PAGE))
    assert "about to learn anew" in page
    assert "Learn now" not in page


def test_an_administrator_exports_all_of_it(administrator: User, knows: Knowledge) -> None:
    answer = signed_in(administrator).post(f"{PAGE}export/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="learner.json"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert learner_file.from_file(answer.content) == knows
    assert (
        entries()[-1]
        == f"root  → exported: {knows.spam} spam, {knows.ham} approved, {len(knows.words)} words"
    )


def test_an_export_brings_everything_back_after_a_reset(administrator: User, knows: Knowledge) -> None:
    client = signed_in(administrator)
    file = client.post(f"{PAGE}export/").content
    assert "There is no undo." in said(client.get(f"{PAGE}reset/"))
    assert learning.known(learning.row()) == knows
    assert client.post(f"{PAGE}reset/").headers["Location"] == PAGE
    client.post(f"{PAGE}reset/")
    assert learning.known(learning.row()) == Knowledge()
    assert send(client, file).status_code == 302
    assert send(client, file).status_code == 302
    assert learning.known(learning.row()) == knows
    assert [entry.partition(":")[0] for entry in entries()[1:]] == [
        "root  → exported",
        "root known",
        "root known",
        "root imported",
        "root imported",
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "This file is empty."),
        (b"words", "is not the JSON"),
        (b" " * (learner_file.MOST_BYTES + 9), "too large"),
        (
            b'{"format": "fibroblog-learner-1", "spam": 1, "ham": 1, "words": {"<b>": [1, 1]}}',
            "Word number 1",
        ),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence_and_changes_nothing(
    administrator: User, knows: Knowledge, content: bytes, why: str
) -> None:
    before = entries()
    answer = send(signed_in(administrator), content)
    assert answer.status_code == 422
    assert why in said(answer)
    assert "Error: " in said(answer)
    assert learning.known(learning.row()) == knows
    assert entries() == before


def test_no_file_is_refused(administrator: User) -> None:
    answer = signed_in(administrator).post(f"{PAGE}import/")
    assert answer.status_code == 422
    assert "Choose a file first." in said(answer)


@pytest.mark.parametrize("verb", ["export/", "import/", "reset/"])
def test_a_moderator_takes_no_words_out_puts_none_in_and_resets_nothing(
    moderator: User, knows: Knowledge, verb: str
) -> None:
    before = entries()
    file = SimpleUploadedFile("a.json", learner_file.as_file(Knowledge()).encode())
    assert signed_in(moderator).post(PAGE + verb, {"file": file}).status_code == 403
    assert learning.known(learning.row()) == knows
    assert entries() == before


def test_the_right_to_reset_can_be_given_to_a_moderator(moderator: User, knows: Knowledge) -> None:
    moderator.user_permissions.add(Permission.objects.get(codename="reset_learnt"))
    client = signed_in(moderator)
    assert "Reset…" in said(client.get(PAGE))
    assert client.post(f"{PAGE}reset/").status_code == 302
    assert learning.known(learning.row()) == Knowledge()


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", ["stranger", "editor"])
def test_strangers_and_editors_do_nothing_here(editor: User, knows: Knowledge, verb: str, who: str) -> None:
    before = entries()
    client = signed_in(editor) if who == "editor" else Client()
    assert client.post(PAGE + verb).status_code == (403 if who == "editor" else 302)
    assert client.get(PAGE).status_code == (403 if who == "editor" else 302)
    assert learning.known(learning.row()) == knows
    assert entries() == before
    assert not DBTaskResult.objects.filter(task_path=learning.train.module_path).exists()


@pytest.mark.parametrize("verb", ["train/", "export/", "import/"])
def test_reading_the_address_of_a_button_does_nothing(administrator: User, verb: str) -> None:
    assert signed_in(administrator).get(PAGE + verb).status_code == 405
    assert entries() == []


def test_the_page_says_when_the_hint_is_off(moderator: User) -> None:
    assert "switched off" not in said(signed_in(moderator).get(PAGE))
    policy.change(Policy(learner_hint=False))
    assert "The hint is switched off in the policy." in said(signed_in(moderator).get(PAGE))


def test_the_page_costs_the_same_however_much_it_knows(
    moderator: User, administrator: User, django_assert_num_queries: Any
) -> None:
    client = signed_in(moderator)
    for knowledge in (Knowledge(), learner.learn(texts())):
        learning.take_in(knowledge, by=administrator)
        with django_assert_num_queries(9):
            client.get(PAGE)


def test_comments_in_the_queue_can_be_found_by_the_hint(moderator: User, pending: Comment) -> None:
    pending.verdicts.create(
        revision=1,
        check_name="learnt",
        outcome="hold",
        reason="reads_like_spam",
        detail="93 %; weightiest words: bath",
    )
    page = said(signed_in(moderator).get("/admin/comments/queue/?reason=reads_like_spam"))
    assert "Reads like earlier spam (93 %; weightiest words: bath)" in page
    assert pending.state == State.PENDING
