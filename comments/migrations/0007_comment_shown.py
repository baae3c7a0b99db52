"""What is new, and the feeds, go by when readers could first see a comment."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0006_moderators_rules")]
    operations = [
        migrations.RemoveIndex(model_name="comment", name="comment_visible"),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                fields=["article", "shown_at"], condition=models.Q(state="approved"), name="comment_shown"
            ),
        ),
    ]
