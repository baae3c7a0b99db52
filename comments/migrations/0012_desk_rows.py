"""The first reasons, with the codes that the log knows already, and what moderators may do at their desk."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REASONS = [
    ("advice", "Medical advice or dosing", "It reads as advice on treatment or doses. Telling what helped you is welcome."),
    ("private", "Private details of somebody", "It names somebody or gives details that should stay private."),
    ("unkind", "Unkind to somebody", "Parts of it could hurt somebody who reads it."),
    ("advert", "Advertising", "It advertises something."),
    ("off_topic", "Not about this post", "It is about something other than this post."),
    ("unclear", "Cannot be understood", "We could not make out what was meant."),
    ("other", "Something else (say what)", ""),
]  # fmt: skip
REPLIES = [
    (
        "See your doctor first",
        "Thank you for telling us. Please talk to your doctor before you change anything: what helps one of us can "
        "harm another.",
    ),
    (
        "Please leave out names",
        "Could you leave out the name, please? Everybody on the internet can read it here.",
    ),
    (
        "Thank you, and be gentle with yourself",
        "Thank you for writing on a hard day. Be gentle with yourself.",
    ),
]
RIGHTS = [
    f"{verb}_{model}" for verb in ("add", "change", "view") for model in ("refusalreason", "savedreply")
]
RIGHTS.append("delete_savedreply")


def fill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    reason_model = apps.get_model("comments", "RefusalReason")
    for number, (code, label, sentence) in enumerate(REASONS, start=1):
        reason_model.objects.create(
            code=code, label=label, sentence=sentence, needs_note=not sentence, position=10 * number
        )
    reply_model = apps.get_model("comments", "SavedReply")
    for number, (title, text) in enumerate(REPLIES, start=1):
        reply_model.objects.create(title=title, text=text, position=10 * number)
    create_permissions(installed.get_app_config("comments"), verbosity=0, using=editor.connection.alias)
    rights = apps.get_model("auth", "Permission").objects.filter(
        codename__in=RIGHTS, content_type__app_label="comments"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name="Moderators"):
        group.permissions.add(*rights)


def empty(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for name in ("RefusalReason", "SavedReply"):
        apps.get_model("comments", name).objects.all().delete()
    for group in apps.get_model("auth", "Group").objects.filter(name="Moderators"):
        group.permissions.remove(*group.permissions.filter(codename__in=RIGHTS))


class Migration(migrations.Migration):
    dependencies = [("comments", "0011_desk")]
    operations = [migrations.RunPython(fill, empty)]
