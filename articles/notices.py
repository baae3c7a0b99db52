"""What journals say later about a study: found by asking Crossref, kept, and looked at by an editor.

Nothing here takes a post down: a person decides what a retraction means for it.
"""

import time
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from fibroblog import limits, pages

from . import crossref
from .citations import plain_doi
from .models import Notice, Study


@transaction.atomic
def record(study: Study, found: Iterable[crossref.Found]) -> int:
    """Keep what is new and note that we asked; returns how many are new."""
    Study.objects.filter(pk=study.pk).update(asked_at=timezone.now())
    new = 0
    for notice in found:
        _, made = Notice.objects.get_or_create(
            study=study, kind=notice.kind, doi=notice.doi, defaults={"dated": notice.dated}
        )
        new += made
    if new:
        _changed({study.pk})
    return new


@transaction.atomic
def save_notice(notice: Notice) -> Notice:
    """One that an editor found without Crossref, or puts right."""
    notice.doi = plain_doi(notice.doi)
    notice.save()
    _changed({notice.study_id})
    return notice


@transaction.atomic
def delete_notices(notices: Iterable[Notice]) -> None:
    studies = set()
    for notice in notices:
        studies.add(notice.study_id)
        notice.delete()
    _changed(studies)


@transaction.atomic
def look_at(notices: Iterable[Notice], *, by: User) -> int:
    """An editor has seen to it; returns how many nobody had seen to before."""
    rows = Notice.objects.open().filter(pk__in=[notice.pk for notice in notices])
    studies = set(rows.values_list("study_id", flat=True))
    seen = rows.update(looked_at=timezone.now(), looked_by=by)
    _changed(studies)
    return seen


def ask_again() -> int:
    """Ask Crossref about a few of the studies in use, the longest unasked first; returns how many were asked about."""
    if not crossref.is_on():
        return 0
    asked = 0
    for study in Study.objects.to_ask_about()[: limits.CROSSREF_STUDIES_PER_DAY]:
        if asked:
            time.sleep(limits.CROSSREF_PAUSE_SECONDS)
        try:
            found = crossref.look_up(study.doi).notices
        except crossref.Unreachable:
            break
        except crossref.NoAnswer:
            found = []  # it does not know this one; the others have their turn
        record(study, found)
        asked += 1
    return asked


def _changed(studies: set[int]) -> None:
    posts = set(
        Study.objects.filter(pk__in=studies, weighings__isnull=False).values_list(
            "weighings__article", flat=True
        )
    )
    pages.changed(articles=posts, site=bool(posts))
