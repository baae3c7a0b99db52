"""Every page that the checks of look and access walk through, and how one gets there."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from .crowd import SLUG as LONG
from .people import People
from .server import ROOT
from .steps import (
    TRIAL,
    Sent,
    approve,
    article,
    card,
    fill,
    new_words,
    own,
    press,
    press_reasons,
    queue,
    send,
)

Opener = Callable[[People, Page], None]

WITH_TABLE = "massage-release-and-sleep"


def at(path: str) -> Opener:
    def opened(people: People, page: Page) -> None:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{answer.status} for {path}"

    return opened


def own_waiting(people: People, page: Page) -> None:
    send(page, new_words())


def own_declined(people: People, page: Page) -> None:
    sent = send(page, new_words())
    moderator = people.staff()
    queue(moderator)
    card(moderator, sent).get_by_role("button", name="Decline…").click()
    moderator.get_by_label("Unkind to somebody").check()
    press_reasons(moderator)
    expect(card(moderator, sent).locator(".outcome")).to_be_visible()
    page.goto(article(TRIAL))
    expect(own(page, sent.words)).to_contain_text("Not published")


def _published(people: People) -> Sent:
    sent = send(people.visitor(), new_words())
    approve(people.staff(), sent)
    return sent


def reply_form(people: People, page: Page) -> None:
    page.goto(f"/articles/{TRIAL}/")
    page.get_by_role("link", name="Reply to Demo reader Hazel").click()
    expect(page.get_by_role("heading", name="Reply to Demo reader Hazel")).to_be_visible()


def report_form(people: People, page: Page) -> None:
    page.goto(article(TRIAL))
    page.get_by_role("link", name="Report the comment by").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Report a comment")


def report_error(people: People, page: Page) -> None:
    report_form(people, page)
    page.get_by_role("button", name="Send report").click()
    expect(page).to_have_title(_starts("Error:"))


def reported(people: People, page: Page) -> None:
    report_form(people, page)
    page.get_by_label("Something else").check()
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for telling us")


def pressed(people: People, page: Page) -> None:
    """The page that thanks, as those without script see it; with script it would not be loaded."""
    page.goto(article(TRIAL))
    page.locator("#with-you").evaluate("form => form.submit()")
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()


def lost_parent(people: People, page: Page) -> None:
    at(f"/articles/{TRIAL}/?reply=gone#comment-form")(people, page)
    expect(page.get_by_text("is no longer shown")).to_be_visible()


def preview(people: People, page: Page) -> None:
    page.goto(article(TRIAL))
    fill(page, new_words())
    press(page, "Preview")
    expect(page).to_have_title(_starts("Preview:"))


def comment_error(people: People, page: Page) -> None:
    page.goto(article(TRIAL))
    page.get_by_label("Email (optional)").fill("not an address")
    press(page, "Send comment")
    expect(page).to_have_title(_starts("Error:"))


def too_long(people: People, page: Page) -> None:
    page.goto(article(TRIAL))
    fill(page, new_words())
    page.get_by_label("Your comment").fill("many words " * 1_000)
    press(page, "Send comment")
    expect(page.locator("#error-summary")).to_be_visible()


def permalink(people: People, page: Page) -> None:
    page.goto(article(TRIAL))
    page.locator(".comment").filter(has_text="Does anybody know of a short routine").locator(
        ".meta a"
    ).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Comment by Demo reader Wren")


def deep_permalink(people: People, page: Page) -> None:
    page.goto(article(LONG))
    page.locator(".comment .meta a").nth(8).click()
    expect(page.locator(".above li")).to_have_count(8)


def tombstone(people: People, page: Page) -> None:
    """A comment that was withdrawn after somebody answered."""
    writer, stranger = people.visitor(), people.visitor()
    parent = send(writer, new_words())
    approve(people.staff(), parent)
    stranger.goto(f"/articles/{TRIAL}/?reply={parent.public_id}#comment-form")
    words = new_words("replies")
    fill(stranger, words)
    press(stranger, "Send comment")
    public_id = (own(stranger, words).get_attribute("id") or "").removeprefix("comment-")
    approve(people.staff(), Sent(words, TRIAL, public_id, ""))
    writer.goto(f"{parent.permalink}withdraw/")
    writer.get_by_role("button", name="Withdraw the comment").click()
    page.goto(parent.permalink)
    expect(page.get_by_text("This comment was withdrawn by its writer.")).to_be_visible()


def edit(people: People, page: Page) -> None:
    page.goto(f"{send(page, new_words()).permalink}edit/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Change your comment")


def edit_error(people: People, page: Page) -> None:
    edit(people, page)
    page.get_by_label("Your comment").fill("")
    page.get_by_role("button", name="Save the change").click()
    expect(page.locator("#error-summary")).to_be_visible()


def withdraw(people: People, page: Page) -> None:
    page.goto(f"{send(page, new_words()).permalink}withdraw/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Withdraw your comment")


def withdrawn(people: People, page: Page) -> None:
    withdraw(people, page)
    page.get_by_role("button", name="Withdraw the comment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your comment is withdrawn")


def wrong_code(people: People, page: Page) -> None:
    page.goto(f"/articles/{TRIAL}/comments/withdraw/")
    page.get_by_role("button", name="Show my comment").click()
    expect(page.locator("#error-summary")).to_be_visible()


def by_code(people: People, page: Page) -> None:
    send(page, new_words())
    code = page.locator(".not-public code").inner_text()
    page.goto(f"/articles/{TRIAL}/comments/withdraw/")
    page.get_by_label("Your code").fill(code)
    page.get_by_role("button", name="Show my comment").click()
    expect(page.get_by_role("button", name="Take my name off")).to_be_visible()


def at_risk(people: People, page: Page) -> None:
    """The very next page after words that sound like danger."""
    page.goto(article(TRIAL))
    fill(page, replace(new_words(), text=f"I want to end my life. {new_words().text}"))
    page.get_by_role("button", name="Send comment").click()
    expect(page.get_by_role("link", name="findahelpline.com").first).to_be_visible()


def nudged(people: People, page: Page) -> None:
    page.goto(article(TRIAL))
    fill(page, replace(new_words(), text=f"You should take 60 mg every night. {new_words().text}"))
    page.get_by_role("button", name="Send comment").click()
    expect(page.get_by_role("heading", name="Before it goes out")).to_be_visible()


def mailed(name: str) -> Opener:
    """A page that only a link in a mail leads to."""

    def opened(people: People, page: Page) -> None:
        page.goto(json.loads((people.site.data / "links.json").read_text())[name])
        expect(page.get_by_role("heading", level=1)).to_be_visible()

    return opened


def contact_error(people: People, page: Page) -> None:
    page.goto("/contact/")
    page.get_by_role("button", name="Send message").click()
    expect(page.locator("#error-summary")).to_be_visible()


def contact_sent(people: People, page: Page) -> None:
    page.goto("/contact/")
    page.get_by_label("Your name or nickname").fill("Reader")
    page.get_by_label("Your message").fill("The table on my phone is fine.")
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_role("status")).to_contain_text("Your message has reached us")


def not_found(people: People, page: Page) -> None:
    answer = page.goto("/nothing-here/")
    assert answer is not None
    assert answer.status == 404


def forbidden_by_csrf(people: People, page: Page) -> None:
    page.goto(f"/articles/{TRIAL}/comments/withdraw/")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="Show my comment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This page was open too long")


def bad_request(people: People, page: Page) -> None:
    page.goto("/contact/")
    page.locator("#contact-form").evaluate(
        "form => form.insertAdjacentHTML('beforeend', '<input type=hidden name=more value=1>'.repeat(1100))"
    )
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sorry, we could not read that")


def too_large(people: People, page: Page) -> None:
    page.goto("/contact/")
    page.get_by_label("Your message").evaluate("box => { box.value = 'many words '.repeat(110000) }")
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("That was too much at once")


def locked_out(people: People, page: Page) -> None:
    heading = page.get_by_role("heading", level=1, name="Please wait a little")
    for _ in range(3):
        page.goto("/admin/login/")
        page.get_by_label("Username").fill("nobody")
        page.get_by_label("Password").fill("not it")
        page.get_by_role("button", name="Log in").click()
        expect(heading.or_(page.locator(".errornote"))).to_be_visible()
        if heading.is_visible():
            return
    raise AssertionError("Nobody was locked out.")


def server_error(people: People, page: Page) -> None:
    """Cannot be provoked from outside, so its file is put in the place of a page."""
    text = (ROOT / "templates" / "500.html").read_text().replace("{% load static %}", "")
    text = re.sub(r"\{% static '([^']+)' %\}", r"/static/\1", text)
    page.route("**/broken/", lambda route: route.fulfill(status=200, content_type="text/html", body=text))
    page.goto("/broken/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sorry, there is a problem")


def _starts(words: str) -> re.Pattern[str]:
    return re.compile("^" + re.escape(words))


PUBLIC: dict[str, Opener] = {
    "home": at("/"),
    "article": at(f"/articles/{TRIAL}/"),
    "article with a table": at(f"/articles/{WITH_TABLE}/"),
    "article with reply form": reply_form,
    "article without the parent": lost_parent,
    "own waiting comment": own_waiting,
    "own declined comment": own_declined,
    "preview of a comment": preview,
    "errors of a comment": comment_error,
    "too long comment": too_long,
    "permalink": permalink,
    "long discussion": at(f"/articles/{LONG}/"),
    "permalink in a long discussion": deep_permalink,
    "tombstone": tombstone,
    "edit": edit,
    "errors of edit": edit_error,
    "report": report_form,
    "errors of report": report_error,
    "reported": reported,
    "pressed": pressed,
    "withdraw": withdraw,
    "withdrawn": withdrawn,
    "withdraw by code": at(f"/articles/{TRIAL}/comments/withdraw/"),
    "errors of withdraw by code": wrong_code,
    "by code": by_code,
    "at risk": at_risk,
    "nudged": nudged,
    "own page": mailed("own-page"),
    "confirm": mailed("confirm"),
    "stop mail": mailed("stop"),
    "ask for own page": at("/my-comments/"),
    "follow": at(f"/articles/{TRIAL}/comments/follow/"),
    "words": at("/words/"),
    "topics": at("/topics/"),
    "tag": at("/tags/pain/"),
    "author": at("/authors/demo-editor/"),
    "series": at("/series/hands-on-treatment/"),
    "archive": at("/archive/"),
    "search": at("/search/"),
    "search with results": at("/search/?q=pain"),
    "search without results": at("/search/?q=xylophone"),
    "about": at("/about/"),
    "contact": at("/contact/"),
    "errors of contact": contact_error,
    "contact sent": contact_sent,
    "comment policy": at("/comment-policy/"),
    "moderation report": at("/moderation-report/"),
    "privacy": at("/privacy/"),
    "accessibility": at("/accessibility/"),
    "reading settings": at("/reading-settings/"),
    "404": not_found,
    "403 csrf": forbidden_by_csrf,
    "400": bad_request,
    "413": too_large,
    "429": locked_out,
    "500": server_error,
    "sign-in": at("/admin/login/"),
    "forgotten password": at("/admin/password/forgotten/"),
}


# For the staff --------------------------------------------------------------------------------------


def queue_with_cards(people: People, page: Page) -> None:
    """Cards that wait, a reply with its parent, and one that was decided."""
    decided, waiting = send(people.visitor(), new_words()), send(people.visitor(), new_words())
    queue(page)
    card(page, decided).get_by_role("button", name="Approve").click()
    expect(card(page, decided).locator(".outcome")).to_be_visible()
    expect(card(page, waiting).get_by_role("button", name="Approve")).to_be_visible()
    expect(page.locator(".card .quoted").first).to_be_visible()


def queue_of_reports(people: People, page: Page) -> None:
    reported(people, people.visitor())
    page.goto("/admin/comments/queue/?state=reported")
    expect(page.get_by_role("button", name="Looked at, stays").first).to_be_visible()


def decline(people: People, page: Page) -> None:
    sent = send(people.visitor(), new_words())
    queue(page)
    card(page, sent).get_by_role("button", name="Decline…").click()
    expect(page.get_by_role("group", name=_starts("Why is it not published?"))).to_be_visible()


def decline_page(people: People, page: Page) -> None:
    """Where the reasons stand without a script."""
    sent = send(people.visitor(), new_words())
    page.goto(f"/admin/comments/queue/{sent.public_id}/decline/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Decline a comment")


def decline_error(people: People, page: Page) -> None:
    decline_page(people, page)
    page.get_by_label("Something else (say what)").check()
    press_reasons(page)
    expect(page.locator(".errornote")).to_be_visible()


def several(people: People, page: Page) -> None:
    chosen = [send(people.visitor(), new_words()) for _ in range(2)]
    queue(page)
    for sent in chosen:
        card(page, sent).get_by_role("checkbox").check()
    page.get_by_role("button", name="Approve 2 selected").click()
    expect(page.get_by_role("button", name=re.compile("all 2"))).to_be_visible()


def several_done(people: People, page: Page) -> None:
    several(people, page)
    page.get_by_role("button", name=re.compile("all 2")).click()
    expect(page.get_by_role("status")).to_be_visible()


def one_card(people: People, page: Page) -> None:
    at(f"/admin/comments/queue/{_published(people).public_id}/")(people, page)


def sender(people: People, page: Page) -> None:
    """With a measure in force, as the page looks when there is most on it."""
    card = _published(people)
    at(f"/admin/comments/queue/{card.public_id}/sender/")(people, page)
    page.get_by_label("Their comments always wait").check()
    page.get_by_label("Last day").fill(str(datetime.now(tz=UTC).date() + timedelta(days=2)))
    page.get_by_label("Why").fill("Long quarrels.")
    page.get_by_role("button", name="Decide this").click()
    expect(page.get_by_role("button", name="End it").first).to_be_visible()


def sender_error(people: People, page: Page) -> None:
    at(f"/admin/comments/queue/{_published(people).public_id}/sender/")(people, page)
    page.get_by_role("button", name="Decide this").click()
    expect(page.get_by_role("alert")).to_be_visible()


def people_held(people: People, page: Page) -> None:
    sender(people, page)
    page.goto("/admin/comments/measures/")
    expect(page.get_by_role("button", name="End it").first).to_be_visible()


def together(people: People, page: Page) -> None:
    """On the card, with what others left there."""
    sent = send(people.visitor(), new_words())
    queue(page)
    here = card(page, sent)
    here.get_by_text("More").click()
    here.get_by_role("button", name="Note, second opinion, hand over…").click()
    here.get_by_label("A note for the other moderators").fill("Is this advice?")
    here.get_by_role("button", name="Ask for a second opinion").click()
    expect(here.locator("summary", has_text="asks for a second opinion")).to_be_visible()
    here.get_by_text("More").click()
    here.get_by_role("button", name="Note, second opinion, hand over…").click()
    expect(here.get_by_label("A note for the other moderators")).to_be_focused()
    expect(page.locator("[data-said]")).not_to_contain_text("did not reach")


def mask_on_its_page(people: People, page: Page) -> None:
    at(f"/admin/comments/queue/{_published(people).public_id}/mask/")(people, page)


def two_step(people: People, page: Page) -> None:
    at("/admin/two-step/set-up/")(people, page)
    expect(page.locator(".qr svg")).to_be_visible()


def editor(page: Page) -> Locator:
    """The body's editable, once the editor has taken over."""
    return page.locator(".ProseMirror[contenteditable=true]")


def open_in_admin(page: Page, title: str) -> None:
    page.goto("/admin/articles/article/")
    page.get_by_role("link", name=title, exact=True).click()
    expect(editor(page)).to_be_visible()


def open_page_in_admin(page: Page, slug: str) -> None:
    page.goto("/admin/articles/page/")
    row = page.get_by_role("row").filter(has=page.get_by_role("cell", name=slug, exact=True))
    row.get_by_role("link").click()
    expect(editor(page)).to_be_visible()


def article_editor(people: People, page: Page) -> None:
    open_in_admin(page, "Can myofascial release ease fibromyalgia pain?")


def empty_article_editor(people: People, page: Page) -> None:
    page.goto("/admin/articles/article/add/")
    expect(editor(page)).to_be_visible()


def article_editor_error(people: People, page: Page) -> None:
    empty_article_editor(people, page)
    page.locator("#article_form").evaluate("form => { form.noValidate = true }")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errornote")).to_be_visible()
    expect(editor(page)).to_be_visible()


def page_editor(people: People, page: Page) -> None:
    open_page_in_admin(page, "about")


def article_preview(people: People, page: Page) -> None:
    article_editor(people, page)
    page.get_by_role("link", name="Look at the post as it was last saved").click()
    expect(page.get_by_text("This is a preview.")).to_be_visible()


def article_history(people: People, page: Page) -> None:
    article_editor(people, page)
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("history")


def first_of(model: str, path: str = "") -> Opener:
    """The first row of an admin's list, opened; with ``path``, a page beyond it."""

    def opened(people: People, page: Page) -> None:
        at(f"/admin/articles/{model}/")(people, page)
        page.locator("#result_list tbody th a").first.click()
        expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()
        if path:
            page.goto(f"{page.url.removesuffix('change/')}{path}")

    return opened


def study_error(people: People, page: Page) -> None:
    at("/admin/articles/study/add/")(people, page)
    page.locator("#study_form").evaluate("form => { form.noValidate = true }")
    page.get_by_label("Year").fill("1492")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errornote")).to_be_visible()


def notice(people: People, page: Page) -> None:
    """About a study that no post weighs, so that no post changes for the other tests."""
    title = f"A study of {new_words().name}"
    at("/admin/articles/study/add/")(people, page)
    page.get_by_label("Title:").fill(title)
    page.locator("#id_design").select_option("survey")
    page.get_by_role("button", name="Save", exact=True).click()
    at("/admin/articles/notice/add/")(people, page)
    page.get_by_label("Study:").select_option(title)
    page.get_by_label("Kind:").select_option("other")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def notices(people: People, page: Page) -> None:
    notice(people, page)
    page.goto("/admin/articles/notice/?look=open")
    expect(page.locator("#result_list tbody tr").first).to_be_visible()


# Page → the account that opens it, and how.
STAFF: dict[str, tuple[str, Opener]] = {
    "admin index": ("moderator", at("/admin/")),
    "admin index of an editor": ("editor", at("/admin/")),
    "queue": ("moderator", queue_with_cards),
    "queue of reports": ("moderator", queue_of_reports),
    "queue of declined": ("moderator", at("/admin/comments/queue/?state=declined")),
    "decline": ("moderator", decline),
    "decline on its page": ("moderator", decline_page),
    "errors of decline": ("moderator", decline_error),
    "several": ("moderator", several),
    "several done": ("moderator", several_done),
    "one card": ("moderator", one_card),
    "sender": ("moderator", sender),
    "errors of sender": ("moderator", sender_error),
    "people held": ("moderator", people_held),
    "together": ("moderator", together),
    "queue that finds": ("moderator", at("/admin/comments/queue/?words=words&reason=links&days=3")),
    "pause": ("moderator", at("/admin/comments/pause/")),
    "desk mail": ("moderator", at("/admin/comments/desk-mail/")),
    "cover words": ("moderator", mask_on_its_page),
    "dashboard": ("moderator", at("/admin/comments/dashboard/")),
    "learner": ("moderator", at("/admin/comments/learner/")),
    "log": ("moderator", at("/admin/comments/decision/")),
    "two-step set-up": ("moderator", two_step),
    "article list": ("editor", at("/admin/articles/article/")),
    "article editor": ("editor", article_editor),
    "empty article editor": ("editor", empty_article_editor),
    "errors of the article editor": ("editor", article_editor_error),
    "article preview": ("editor", article_preview),
    "article history": ("editor", article_history),
    "page editor": ("editor", page_editor),
    "studies": ("editor", at("/admin/articles/study/")),
    "study": ("editor", first_of("study")),
    "new study": ("editor", at("/admin/articles/study/add/")),
    "errors of a study": ("editor", study_error),
    "history of a study": ("editor", first_of("study", "history/")),
    "delete a study": ("editor", first_of("study", "delete/")),
    "outcomes": ("editor", at("/admin/articles/outcome/")),
    "outcome": ("editor", first_of("outcome")),
    "notices": ("editor", notices),
    "notice": ("editor", notice),
    "explained words": ("editor", at("/admin/articles/glossaryterm/")),
    "explained word": ("editor", first_of("glossaryterm")),
    "list of series": ("editor", at("/admin/articles/series/")),
    "one of the series": ("editor", first_of("series")),
    "resources": ("editor", at("/admin/articles/resource/")),
    "resource": ("editor", first_of("resource")),
    "new resource": ("editor", at("/admin/articles/resource/add/")),
}
