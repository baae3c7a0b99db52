"""When the comments of an older site could first be read: when somebody first let them."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Min, OuterRef, Subquery
from django.db.models.functions import Coalesce


def fill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    comment = apps.get_model("comments", "Comment")
    decision = apps.get_model("comments", "Decision")
    first = (
        decision.objects.filter(comment=OuterRef("pk"), to="approved")
        .order_by()
        .values("comment")
        .annotate(first=Min("at"))
        .values("first")
    )
    comment.objects.filter(state="approved", shown_at=None).update(
        shown_at=Coalesce(Subquery(first), "created_at")
    )


class Migration(migrations.Migration):
    dependencies = [("comments", "0004_conversation")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
