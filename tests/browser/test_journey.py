"""A comment's way through the site as its people meet it, with JavaScript and without."""

import re

from playwright.sync_api import Page, expect

from .people import People
from .steps import (
    TRIAL,
    Sent,
    Words,
    approve,
    article,
    assert_hidden_from,
    assert_published_in_feeds,
    card,
    fill,
    new_words,
    own,
    press,
    press_reasons,
    published,
    queue,
    send,
    send_filled,
)


def test_a_comment_is_seen_by_nobody_but_its_writer_until_it_is_approved(
    people: People, scripts: bool
) -> None:
    reader, stranger = people.visitor(scripts=scripts), people.visitor(scripts=scripts)
    moderator = people.staff(scripts=scripts)
    sent = send(reader, new_words())
    expect(own(reader, sent.words)).to_contain_text("Waiting for approval")
    expect(own(reader, sent.words)).to_contain_text("Only you can see it, on this device.")
    reader.reload()
    expect(own(reader, sent.words)).to_be_visible()
    assert_hidden_from(stranger, sent)

    queue(moderator, sent)
    waiting = card(moderator, sent)
    for button in ("Approve", "Decline…", "Spam"):
        expect(waiting.get_by_role("button", name=button)).to_be_visible()
    expect(waiting).to_contain_text(sent.words.text)
    waiting.get_by_role("button", name="Approve").click()
    expect(card(moderator, sent).locator(".outcome")).to_contain_text("Approved by moderator")

    expect(published(stranger, sent)).to_be_visible()
    assert_published_in_feeds(stranger, sent)
    expect(published(reader, sent)).to_be_visible()
    expect(reader.get_by_text("Waiting for approval")).to_have_count(0)


def test_a_preview_sends_nothing_and_keeps_everything(people: People, scripts: bool) -> None:
    reader, stranger = people.visitor(scripts=scripts), people.visitor()
    words = new_words()
    reader.goto(article(TRIAL))
    fill(reader, words)
    reader.get_by_label("Email (optional)").fill("reader@example.org")
    press(reader, "Preview")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Preview of your comment")
    expect(reader.get_by_role("article", name="Preview")).to_contain_text(words.text)
    expect(reader.get_by_label("Your name or nickname")).to_have_value(words.name)
    expect(reader.get_by_label("Email (optional)")).to_have_value("reader@example.org")
    expect(reader.get_by_label("Your comment")).to_have_value(words.text)
    stranger.goto(article(TRIAL))
    expect(stranger.get_by_text(words.text)).to_have_count(0)
    assert_hidden_from(stranger, send_filled(reader, words))


def test_an_empty_form_says_what_to_do_and_keeps_what_was_typed(people: People, scripts: bool) -> None:
    reader = people.visitor(scripts=scripts)
    words = new_words()
    reader.goto(article(TRIAL))
    press(reader, "Send comment")
    summary = reader.locator("#error-summary")
    expect(summary).to_contain_text("There is a problem")
    expect(summary.get_by_role("link")).to_have_text(
        ["Enter your name or a nickname.", "Write your comment."]
    )
    expect(reader).to_have_title(
        "Error: Your comment on Can myofascial release ease fibromyalgia pain? – Fibroblog"
    )
    # Without any script: the form's action ends in the summary's id, and that may take the focus.
    expect(summary).to_be_focused()

    summary.get_by_role("link", name="Write your comment.").click()
    field = reader.get_by_label("Your comment")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill(words.text)
    press(reader, "Send comment")
    expect(summary.get_by_role("link")).to_have_text(["Enter your name or a nickname."])
    expect(field).to_have_value(words.text)
    expect(field).not_to_have_attribute("aria-invalid", "true")
    reader.get_by_label("Your name or nickname").fill(words.name)
    send_filled(reader, words)


def test_each_problem_stands_once_at_its_field_and_is_tied_to_it(people: People) -> None:
    reader = people.visitor()
    reader.goto(article(TRIAL))
    reader.get_by_label("Email (optional)").fill("not an address")
    press(reader, "Send comment")
    for label, problem in (
        ("Your name or nickname", "Enter your name or a nickname."),
        ("Email (optional)", "Enter an email address like name@example.org, or leave it empty."),
        ("Your comment", "Write your comment."),
    ):
        expect(reader.locator("#comment-form").get_by_text(problem)).to_have_count(1)
        field = reader.get_by_label(label)
        expect(field).to_have_accessible_description(_containing(problem))


def _containing(sentence: str) -> re.Pattern[str]:
    return re.compile(re.escape(sentence))


def test_a_stranger_replies_and_an_undo_takes_the_reply_away_again(people: People, scripts: bool) -> None:
    reader, stranger = people.visitor(scripts=scripts), people.visitor(scripts=scripts)
    passer_by, moderator = people.visitor(), people.staff(scripts=scripts)
    parent = send(reader, new_words())
    approve(moderator, parent)

    reply = _reply(stranger, parent, new_words("replies"))
    assert_hidden_from(passer_by, reply)
    queue(moderator, reply)
    quoted = card(moderator, reply).locator(".quoted")
    expect(quoted).to_contain_text(f"Answers {parent.words.name}")
    expect(quoted).to_contain_text(parent.words.text)
    card(moderator, reply).get_by_role("button", name="Approve").click()
    expect(card(moderator, reply).locator(".outcome")).to_contain_text("Approved")
    expect(published(passer_by, reply)).to_contain_text(f"replying to {parent.words.name}")

    card(moderator, reply).get_by_role("button", name="Undo").click()
    expect(card(moderator, reply).get_by_role("button", name="Approve", exact=True)).to_be_visible()
    expect(card(moderator, reply).get_by_role("button", name="Undo")).to_have_count(0)
    assert_hidden_from(passer_by, reply)
    stranger.goto(article(TRIAL))
    expect(own(stranger, reply.words)).to_contain_text("Waiting for approval")
    expect(published(passer_by, parent)).to_be_visible()


def _reply(page: Page, parent: Sent, words: Words) -> Sent:
    published(page, parent).get_by_role("link", name=f"Reply to {parent.words.name}").click()
    expect(page).to_have_url(re.compile(rf"\?reply={parent.public_id}#comment-form$"))
    expect(page.get_by_role("heading", name=f"Reply to {parent.words.name}")).to_be_visible()
    expect(page.locator(".write .quoted")).to_contain_text(parent.words.text)
    expect(page.get_by_role("link", name="Cancel reply")).to_be_visible()
    fill(page, words)
    return send_filled(page, words)


def test_a_reply_cannot_be_approved_under_a_comment_that_is_not_shown(people: People, scripts: bool) -> None:
    reader, stranger, moderator = people.visitor(), people.visitor(), people.staff(scripts=scripts)
    parent = send(reader, new_words())
    approve(moderator, parent)
    reply = _reply(stranger, parent, new_words("replies"))
    queue(moderator)
    card(moderator, parent).get_by_role("button", name="Undo").click()
    expect(card(moderator, parent).get_by_role("button", name="Approve", exact=True)).to_be_visible()
    card(moderator, reply).get_by_role("button", name="Approve", exact=True).click()
    expect(card(moderator, reply).get_by_role("alert")).to_have_text(
        "This answers a comment that still waits. Decide on that one first."
    )
    assert_hidden_from(people.visitor(), reply)


def test_only_the_writer_learns_why_a_comment_was_declined(people: People, scripts: bool) -> None:
    reader, stranger, moderator = (
        people.visitor(scripts=scripts),
        people.visitor(),
        people.staff(scripts=scripts),
    )
    sent = send(reader, new_words())
    queue(moderator, sent)
    card(moderator, sent).get_by_role("button", name="Decline…").click()
    expect(moderator.get_by_text(sent.words.text)).to_be_visible()
    moderator.get_by_label("Something else (say what)").check()
    press_reasons(moderator)
    expect(moderator.get_by_role("alert")).to_have_text(
        "Say in a sentence what it is, so that the writer understands."
    )
    moderator.get_by_label("Medical advice or dosing").check()
    moderator.get_by_label("Words to the writer (optional)").fill("Tell us what helped you instead.")
    press_reasons(moderator)
    expect(card(moderator, sent).locator(".outcome")).to_contain_text("Declined by moderator")
    expect(card(moderator, sent).locator(".outcome")).to_contain_text("Medical advice or dosing")

    reader.goto(article(TRIAL))
    expect(own(reader, sent.words)).to_contain_text("Not published")
    expect(own(reader, sent.words)).to_contain_text("It reads as advice on treatment or doses.")
    expect(own(reader, sent.words)).to_contain_text("Tell us what helped you instead.")
    assert_hidden_from(stranger, sent)


def test_spam_disappears_and_can_be_brought_back(people: People, scripts: bool) -> None:
    reader, stranger, moderator = people.visitor(), people.visitor(), people.staff(scripts=scripts)
    sent = send(reader, new_words())
    queue(moderator)
    card(moderator, sent).get_by_role("button", name="Spam").click()
    expect(card(moderator, sent).locator(".outcome")).to_contain_text("Spam by moderator")
    assert_hidden_from(stranger, sent)
    moderator.get_by_role("link", name="Spam", exact=True).click()
    card(moderator, sent).get_by_role("button", name="Undo").click()
    expect(card(moderator, sent).get_by_role("button", name="Approve", exact=True)).to_be_visible()


def test_the_second_moderator_is_told_who_was_first(people: People, scripts: bool) -> None:
    reader, stranger = people.visitor(), people.visitor()
    first, second = people.staff("admin", scripts=scripts), people.staff(scripts=scripts)
    sent = send(reader, new_words())
    queue(first, sent)
    queue(second, sent)
    card(first, sent).get_by_role("button", name="Approve").click()
    expect(card(first, sent).locator(".outcome")).to_contain_text("Approved by admin")
    card(second, sent).get_by_role("button", name="Spam").click()
    expect(card(second, sent).get_by_role("alert")).to_have_text("admin changed this to “Approved” just now.")
    expect(card(second, sent).locator(".outcome")).to_contain_text("Approved by admin")
    expect(published(stranger, sent)).to_be_visible()


def test_several_are_approved_after_a_page_that_names_them(people: People, scripts: bool) -> None:
    stranger, moderator = people.visitor(), people.staff(scripts=scripts)
    chosen = [send(people.visitor(), new_words("several")) for _ in range(2)]
    left = send(people.visitor(), new_words("several"))
    queue(moderator)
    for sent in chosen:
        card(moderator, sent).get_by_label(f"Tick the comment by {sent.words.name}").check()
    moderator.get_by_role("button", name="Approve 2 selected" if scripts else "Approve ticked").click()
    for sent in chosen:
        expect(moderator.get_by_text(sent.words.name, exact=True)).to_be_visible()
        expect(moderator.get_by_text(sent.words.text)).to_be_visible()
        assert_hidden_from(stranger, sent)
    expect(moderator.get_by_text(left.words.name)).to_have_count(0)
    moderator.get_by_role("button", name=re.compile("all 2")).click()
    expect(moderator.get_by_role("status")).to_contain_text("Approved: 2.")
    for sent in chosen:
        expect(published(stranger, sent)).to_be_visible()
    assert_hidden_from(stranger, left)


def test_several_without_a_tick_changes_nothing(people: People, scripts: bool) -> None:
    moderator = people.staff(scripts=scripts)
    sent = send(people.visitor(), new_words("several"))
    queue(moderator)
    moderator.get_by_role("button", name="Approve ticked").click()
    expect(moderator.get_by_role("alert")).to_have_text("Tick one comment or more first.")
    assert_hidden_from(people.visitor(), sent)


def test_a_writer_changes_a_comment_and_moderators_read_it_again(people: People, scripts: bool) -> None:
    reader, stranger, moderator = (
        people.visitor(scripts=scripts),
        people.visitor(),
        people.staff(scripts=scripts),
    )
    sent = send(reader, new_words())
    approve(moderator, sent)
    changed = new_words("changes")
    published(reader, sent).get_by_role("link", name="Edit").click()
    reader.get_by_label("Your comment").fill(changed.text)
    reader.get_by_role("button", name="Preview").click()
    expect(reader.get_by_role("article", name="Preview")).to_contain_text(changed.text)
    reader.get_by_role("button", name="Save the change").click()
    expect(own(reader, changed)).to_contain_text("Waiting for approval")
    assert_hidden_from(stranger, sent)
    queue(moderator, sent)
    expect(card(moderator, sent)).to_contain_text(changed.text)
    expect(card(moderator, sent)).to_contain_text("Changed by its writer")


def test_a_writer_withdraws_a_comment(people: People, scripts: bool) -> None:
    reader, stranger, moderator = people.visitor(scripts=scripts), people.visitor(), people.staff()
    sent = send(reader, new_words())
    approve(moderator, sent)
    published(reader, sent).get_by_role("link", name="Withdraw").click()
    expect(reader.get_by_text(sent.words.text)).to_be_visible()
    reader.get_by_role("button", name="Withdraw the comment").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Your comment is withdrawn")
    assert_hidden_from(stranger, sent)
    assert_hidden_from(reader, sent)


def test_a_code_withdraws_a_comment_from_any_device(people: People, scripts: bool) -> None:
    reader, elsewhere, moderator = people.visitor(), people.visitor(scripts=scripts), people.staff()
    sent = send(reader, new_words())
    approve(moderator, sent)
    elsewhere.goto(article(TRIAL))
    elsewhere.get_by_role("link", name="Use the code of a comment").click()
    elsewhere.get_by_label("Your code").fill(sent.code[:-1] + ("a" if sent.code[-1] != "a" else "b"))
    elsewhere.get_by_role("button", name="Show my comment").click()
    expect(elsewhere.locator("#error-summary")).to_contain_text("No comment on this post has that code.")
    expect(elsewhere.locator("#error-summary")).to_be_focused()
    expect(published(people.visitor(), sent)).to_be_visible()
    elsewhere.get_by_label("Your code").fill(sent.code)
    elsewhere.get_by_role("button", name="Show my comment").click()
    expect(elsewhere.locator("#content")).to_contain_text(sent.words.text)
    elsewhere.get_by_role("button", name="Withdraw the comment").click()
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Your comment is withdrawn")
    assert_hidden_from(people.visitor(), sent)


def test_a_stranger_is_not_even_told_that_a_comment_can_be_withdrawn(people: People) -> None:
    sent = send(people.visitor(), new_words())
    stranger = people.visitor()
    for act in ("edit", "withdraw"):
        answer = stranger.goto(f"{sent.permalink}{act}/")
        assert answer is not None
        assert answer.status == 404


def test_a_double_click_sends_one_comment(people: People, scripts: bool) -> None:
    reader, moderator = people.visitor(scripts=scripts), people.staff()
    words = new_words()
    reader.goto(article(TRIAL))
    fill(reader, words)
    reader.locator("#comment-form").get_by_role("button", name="Send comment").dblclick()
    expect(own(reader, words)).to_have_count(1)
    queue(moderator)
    expect(moderator.locator("[data-card]").filter(has_text=words.text)).to_have_count(1)
