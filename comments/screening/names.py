"""The nickname of a confirmed person, used by somebody who did not prove to be them: nobody shall be taken for another."""

import unicodedata

from django.db.models import Q
from django.db.models.functions import Lower

from comments.models import Commenter
from comments.models.people import is_nobodys

from .verdicts import PASS, Submission, Verdict, hold


def check(submission: Submission) -> Verdict:
    name = unicodedata.normalize("NFKC", submission.name)
    if is_nobodys(name):
        return PASS
    # Some databases fold plain letters only.
    same = Q(
        folded__in={name.lower(), "".join(letter.lower() if letter.isascii() else letter for letter in name)}
    )
    if not name.isascii():
        # These are the ways that people write a name.
        same |= Q(name__in={submission.name, name, name.lower(), name.upper(), name.title(), name.casefold()})
    somebody = Commenter.objects.alias(folded=Lower("name")).filter(same).values_list("pk", flat=True)
    others = set(somebody[:2]) - {submission.commenter}  # of two, one is somebody else
    return hold("name_of_somebody") if others else PASS
