"""The privacy page says what stays in the browser since one can stop, continue and choose how much to read, and what
the moderators' desk keeps: measures, notes, appeals, mail, and the words that the spam learner counts.

Only a page whose text nobody changed gets the new sentences; an editor's words are never touched.
"""

import importlib

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

BEFORE = importlib.import_module("articles.migrations.0004_pages_of_the_conversation")
CHANGES = [
    (
        "when you last read a discussion, and whom or what you chose to hide.",
        "when you last read a discussion, and whom or what you chose to hide. It keeps how much of a post you like to "
        "read, how fast a voice reads it to you, and the places where you pressed “Stop here”. The voice is your "
        "device’s own.",
    ),
    (
        "<li><strong>What was decided</strong> about your comment, when, and why, with the moderator’s words to you.</li>",
        "<li><strong>What was decided</strong> about your comment, when, and why, with the moderator’s words to you.</li>\n"
        "<li><strong>What moderators note for each other</strong> about your comment. It goes when your words go.</li>\n"
        "<li><strong>Your request for another look</strong>, if you make one, and what was answered.</li>",
    ),
    (
        "<h2>What happens with my email address?</h2>",
        "<h2>Does a machine judge my words?</h2>\n"
        "<p>Small checks look at every comment and tell the moderators where to look first. One of them learns from what was decided here before: it counts in how many texts a word stood, not whose they were. That one never decides. When words are deleted here, it learns anew without them. It never learns from words of people who may be in danger.</p>\n\n"
        "<h2>What if I am kept from writing?</h2>\n"
        "<p>Moderators can make somebody’s comments always wait, or keep somebody from writing for a time. We then keep that they did, why and until when, with a scrambled form of the email address, of a mark in the browser or of the network address, to know them again. Without a confirmed address it ends after some days.</p>\n\n"
        "<h2>What happens with my email address?</h2>",
    ),
    (
        "<p>No mail to others holds your words, your name or your address.</p>",
        "<p>No mail to other readers holds your words, your name or your address. Moderators can choose to get the words of waiting comments by mail.</p>",
    ),
]


def text_of_privacy() -> tuple[str, str]:
    """The page's text until now, and the one that follows it."""
    _, before = BEFORE.text_of("privacy")
    now = before
    for old, new in CHANGES:
        now = now.replace(old, new)
    return before, now


def renew(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    pages = apps.get_model("articles", "Page").objects.using(schema_editor.connection.alias)
    before, now = text_of_privacy()
    pages.filter(slug="privacy", body=before).update(body=now, updated_at=timezone.now())


def go_back(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    pages = apps.get_model("articles", "Page").objects.using(schema_editor.connection.alias)
    before, now = text_of_privacy()
    pages.filter(slug="privacy", body=now).update(body=before, updated_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_editors_explain_words")]
    operations = [migrations.RunPython(renew, go_back)]
