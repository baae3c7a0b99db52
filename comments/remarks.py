"""What moderators tell each other about a comment or a person. No visitor ever reads it, and the log only knows that."""

from django.contrib.auth.models import User

from .models import Commenter, Remark


def note_on_person(person: Commenter, text: str, *, by: User) -> Remark:
    """Kept with the person, and gone with them."""
    return Remark.objects.create(commenter=person, text=text.strip(), by=by)
