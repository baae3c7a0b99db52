import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_the_gravest(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """On the way back there is room for one judgement of each moderator: the gravest."""
    assessments = apps.get_model("comments", "Assessment").objects
    seen = set()
    for row in assessments.order_by("-level", "-pk"):
        whose = (row.comment_id, row.revision, row.by_id)
        if row.by_id is not None and whose in seen:
            row.delete()
        seen.add(whose)


class Migration(migrations.Migration):
    dependencies = [("comments", "0014_desk_mail_and_alarm")]

    operations = [
        # A second look no longer replaces the first: “Danger now” is not unsaid by who said it.
        migrations.RemoveConstraint(model_name="assessment", name="one_assessment_per_moderator"),
        migrations.RunPython(migrations.RunPython.noop, keep_the_gravest),
        migrations.AddField(
            model_name="assessment",
            name="appeal",
            field=models.ForeignKey(
                help_text="Its writer asked for another look, and those words were judged, too.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="assessments",
                to="comments.appeal",
            ),
        ),
    ]
