"""The nickname of a confirmed person, used by somebody who did not prove to be them: nobody shall be taken for another."""

import unicodedata

from django.db.models import Q

from comments.models import Commenter
from comments.models.people import is_nobodys

from .verdicts import PASS, Submission, Verdict, hold


def check(submission: Submission) -> Verdict:
    name = unicodedata.normalize("NFKC", submission.name)
    if is_nobodys(name):
        return PASS
    same = Q(name__iexact=name)
    if not name.isascii():
        # Databases fold only plain letters, or only their own way; these are the ways that people write a name.
        same |= Q(name__in={submission.name, name, name.lower(), name.upper(), name.title(), name.casefold()})
    somebody = Commenter.objects.filter(same).values_list("pk", flat=True)
    others = set(somebody[:2]) - {submission.commenter}  # of two, one is somebody else
    return hold("name_of_somebody") if others else PASS
