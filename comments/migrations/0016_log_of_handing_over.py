"""Handing a comment over is logged: one more kind of entry. No column changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0015_care_of_appeals"),
    ]

    operations = [
        migrations.AlterField(
            model_name="decision",
            name="what",
            field=models.CharField(
                choices=[
                    ("state", "State of a comment"),
                    ("text", "Text of a comment"),
                    ("thread", "Part of a discussion"),
                    ("discussion", "Discussion"),
                    ("risk", "Someone may be at risk"),
                    ("report", "Report"),
                    ("appeal", "Appeal"),
                    ("person", "Person"),
                    ("handed", "Handed over"),
                    ("rule", "Rule"),
                    ("reason", "Reason or saved reply"),
                    ("setting", "Setting"),
                    ("learner", "Learner"),
                ],
                default="state",
                max_length=10,
            ),
        ),
    ]
