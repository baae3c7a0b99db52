"""The standing pages say what is true since readers can confirm an address, report, follow and press a button.

Only pages whose first text nobody changed get the new one; an editor's words are never touched.
"""

import importlib

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

FIRST = importlib.import_module("articles.migrations.0002_site_pages")

# By page: what stood there, and what stands there now.
CHANGES = {
    "comment-policy": [
        (
            "<p>Simple automatic checks help us to find spam. They run on this site and send your text nowhere.</p>",
            "<p>Simple automatic checks help us to find spam, and words that sound as if somebody may be in danger. They decide nothing about such words: a person does.</p>\n"
            "<p>If a text holds a dose, a phone number or a full name, you are asked once to think again. Send it again as it is, and a moderator reads it.</p>",
        ),
        (
            "<p>After sending you see a short code. With it you can withdraw the comment from any device: follow “Withdraw a comment with its code” below the post.</p>\n"
            '<p>Without the code, please <a href="/contact/">write to us</a>. Tell us the name, the post and the day. We will remove it for you.</p>',
            "<p>At any age you can withdraw it, or put “Anonymous” in the place of your name.</p>\n"
            "<p>After sending you see a short code. With it you can do this on any device: follow “Use the code of a comment” below the post.</p>\n"
            '<p>Did you give an email address and confirm it? Then <a href="/my-comments/">your own page</a> lists all you wrote. You can download or erase all of it there.</p>\n'
            '<p>With neither, please <a href="/contact/">write to us</a>. Tell us the name, the post and the day. We will remove it for you.</p>',
        ),
        (
            "<p>It does not mean that you are unwelcome. Often one sentence is the reason, and you can send a new version.</p>",
            "<p>It does not mean that you are unwelcome. Often one sentence is the reason, and you can send a new version. Sometimes we ask you to change one thing: then you find it beside your comment, with “Edit”.</p>",
        ),
        (
            '<p>Please <a href="/contact/">write to us</a>. Tell us the post, the name and the day, and a person will look at it.</p>',
            "<p>Choose “Report” beside the comment and say why. You need no account. A moderator looks at it; reports that say “it is about me” come first.</p>",
        ),
        (
            "<p>Please do not wait for a moderator. Call",
            "<p>If your words sound as if you were in danger, you see help lines at once, and our moderators are told. They are volunteers and may be asleep. So please do not wait for a moderator. Call",
        ),
    ],
    "privacy": [
        (
            "<li><strong>Your email address</strong>, only if you give one. It is never shown on the site. Only administrators can see it.</li>",
            "<li><strong>Your email address</strong>, only if you give one. It is never shown on the site. Only administrators can see it. If you do not confirm it, it is deleted after a week.</li>",
        ),
        (
            "<li><strong>What our checks noticed</strong>, such as many links.</li>",
            "<li><strong>What our checks noticed</strong>, such as many links, or words that sound as if somebody may be in danger. Only moderators see that.</li>",
        ),
        (
            "<h2>What do you store when I write to you?</h2>",
            "<h2>What happens with my email address?</h2>\n"
            "<ul>\n"
            "<li>A typed address gets one mail, which asks whether it is yours. If you do not press its button, we send nothing else.</li>\n"
            "<li>Once confirmed, it gets word of what is decided about your comments, and of answers to them. You choose how often, or stop it with one click.</li>\n"
            "<li>Comments that you confirmed are kept together, so that moderators know you again. They see the comments, not the address.</li>\n"
            "<li>If you tell us never to write to you, we keep only a scrambled form of the address, to know that we must not.</li>\n"
            "</ul>\n"
            "<p>No mail to others holds your words, your name or your address.</p>\n\n"
            "<h2>What do you store when I report a comment?</h2>\n"
            "<p>The reason, your note if you write one, and the scrambled network address for about a month. Only moderators see it. Notes are deleted half a year after the report was settled.</p>\n\n"
            "<h2>What do you store when I press “This helped” or “With you”?</h2>\n"
            "<p>That one browser pressed it, by a random mark in a cookie that is used for nothing else. Nobody can see who it was.</p>\n\n"
            "<h2>What do you store when I write to you?</h2>",
        ),
        (
            "<li><strong>A cookie for your reading settings.</strong>",
            "<li><strong>A cookie when you press “This helped” or “With you”.</strong> It holds a random mark, so that one browser counts once, and is sent only with such a press.</li>\n"
            "<li><strong>A cookie for your reading settings.</strong>",
        ),
        (
            "<p>Your browser may also keep your nickname, to fill it in the next time. You can clear all of this in the settings of your browser.</p>",
            "<p>Your browser may also keep your nickname and email address to fill them in the next time, a mark that you confirmed the address, when you last read a discussion, and whom or what you chose to hide. None of it is sent to us by reading. “Forget my name and address on this device” stands beside the form; the settings of your browser clear all of it.</p>",
        ),
        (
            "<p>On the device that you wrote it on, choose “Withdraw” beside your comment, or use its code. Its text, the earlier texts, your name and your email address are then deleted.</p>",
            "<p>On the device that you wrote it on, choose “Withdraw” beside your comment, or use its code. Its text, the earlier texts, your name and your email address are then deleted.</p>\n"
            '<p>With a confirmed address, <a href="/my-comments/">your own page</a> shows all that we keep of you. You can download it, or erase everything at once.</p>\n'
            "<p>The words of comments that we did not publish are deleted by themselves after some months.</p>",
        ),
    ],
}


def text_of(slug: str) -> tuple[str, str]:
    """The page's first text, and the one that follows it."""
    first = next(body for name, _, body in FIRST.PAGES if name == slug)
    now = first
    for old, new in CHANGES[slug]:
        now = now.replace(old, new)
    return first, now


def renew(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    pages = apps.get_model("articles", "Page").objects.using(schema_editor.connection.alias)
    for slug in CHANGES:
        first, now = text_of(slug)
        pages.filter(slug=slug, body=first).update(body=now, updated_at=timezone.now())


def go_back(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    pages = apps.get_model("articles", "Page").objects.using(schema_editor.connection.alias)
    for slug in CHANGES:
        first, now = text_of(slug)
        pages.filter(slug=slug, body=now).update(body=first, updated_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_conversation")]
    operations = [migrations.RunPython(renew, go_back)]
