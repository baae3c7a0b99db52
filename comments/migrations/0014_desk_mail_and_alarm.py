from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0013_learner_beside_imports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Alarm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rang_at", models.DateTimeField(help_text="Empty: nothing waits for too long.", null=True)),
            ],
        ),
        migrations.AddField(
            model_name="deskmail",
            name="alarm",
            field=models.BooleanField(default=True, verbose_name="when a comment waits for too long"),
        ),
        migrations.AlterField(
            model_name="deskmail",
            name="pace",
            field=models.CharField(
                choices=[
                    ("never", "Not at all"),
                    ("asked", "Only when another moderator hands a comment over to me"),
                    ("at_once", "At once, for each comment"),
                    ("digest", "In one mail, at the hours below"),
                ],
                default="asked",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="mail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("confirm", "Please confirm"),
                    ("own_page", "Link to one's own page"),
                    ("decision", "Word of a decision"),
                    ("reply", "A reply"),
                    ("discussion", "A comment in a followed discussion"),
                    ("author", "A comment on one's post"),
                    ("report", "What became of a report"),
                    ("risk", "Someone may be at risk"),
                    ("waiting", "A comment waits"),
                    ("digest", "What waits, in one mail"),
                    ("opinion", "A second opinion is asked for"),
                    ("alarm", "A comment waits for too long"),
                    ("handed", "A comment was handed over"),
                    ("appeal", "What became of an appeal"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="deskmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quiet_from", None), ("quiet_to", None)),
                    models.Q(
                        ("quiet_from__isnull", False),
                        ("quiet_from__lt", 24),
                        ("quiet_to__isnull", False),
                        ("quiet_to__lt", 24),
                        models.Q(("quiet_from", models.F("quiet_to")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="quiet_hours_have_two_ends",
                violation_error_message="Quiet hours begin and end at two different hours. Choose both, or neither.",
            ),
        ),
        migrations.AddConstraint(
            model_name="alarm",
            constraint=models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_alarm"),
        ),
    ]
