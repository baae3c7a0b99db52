from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0009_editors_of_resources"),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="share_card",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                help_text="The drawn picture that others show for a link to the post; empty until the worker drew it.",
                max_length=100,
            ),
        ),
    ]
