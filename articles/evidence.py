"""Everything that changes a study, its parts, or how a post weighs it. Each verb moves the stamps of the posts that show it.

What journals say later about a study goes through `notices`.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models, transaction

from fibroblog import pages
from fibroblog.safety import make_plain

from . import crossref
from .citations import plain_doi, plain_p, plain_pmid
from .models import Arm, Article, Outcome, Result, Study, TimePoint, Weighing

FROM_CROSSREF = ("title", "authors", "journal", "year", "volume", "issue", "pages")
Part = Arm | TimePoint | Outcome | Result


@transaction.atomic
def save_study(study: Study) -> Study:
    study.doi, study.pmid = plain_doi(study.doi), plain_pmid(study.pmid)
    _make_plain(study)
    study.save()
    _changed(study)
    return study


@transaction.atomic
def delete_studies(studies: Iterable[Study]) -> None:
    """Raises ProtectedError while a post weighs one of them."""
    for study in studies:
        study.delete()


@transaction.atomic
def save_parts(study: Study, *, saved: Iterable[Part], deleted: Iterable[Part] = ()) -> None:
    """Store and remove groups, times, outcomes and numbers of one study."""
    for part in deleted:
        part.delete()
    for part in saved:
        if isinstance(part, Result):
            part.p = plain_p(part.p)
        _make_plain(part)
        part.save()
    _changed(study)


def save_outcome(outcome: Outcome) -> Outcome:
    save_parts(outcome.study, saved=[outcome])
    return outcome


@transaction.atomic
def delete_outcomes(outcomes: Iterable[Outcome]) -> None:
    for outcome in outcomes:
        save_parts(outcome.study, saved=[], deleted=[outcome])


@transaction.atomic
def weigh(article: Article, *, saved: Iterable[Weighing], removed: Iterable[Weighing] = ()) -> None:
    """Say what a post makes of its studies. The verdict stands in lists too."""
    for weighing in removed:
        weighing.delete()
    # The one that stops being the main study goes first, so that there are never two.
    for weighing in sorted(saved, key=lambda weighing: weighing.is_main):
        weighing.article = article
        make_plain(weighing, "why", "happened")
        weighing.save()
    pages.changed(article=article.pk, site=True)


def check_groups(study: Study, arms: Iterable[Arm]) -> None:
    """Raises ValidationError unless the groups add up to what the study states."""
    groups = list(arms)
    for stated, name, what in (
        (study.participants, "randomised", "people were put into the groups"),
        (study.analysed, "analysed", "people are in the groups' results"),
    ):
        counts = [getattr(arm, name) for arm in groups]
        known = sum(count for count in counts if count is not None)
        complete = bool(counts) and None not in counts
        if stated is not None and (known > stated or (complete and known != stated)):
            raise ValidationError(
                f"Together {known} {what}, but the study states {stated} in all. "
                "Compare both with the paper, or leave out what it does not say."
            )


def fill_in(doi: str, typed: dict[str, str]) -> dict[str, str]:
    """What Crossref knows for the fields that are still empty; never for one that somebody filled.

    Raises crossref.NoAnswer.
    """
    work = crossref.look_up(plain_doi(doi))
    known = {name: str(getattr(work, name) or "") for name in FROM_CROSSREF}
    return {name: text for name, text in known.items() if text and not typed.get(name, "").strip()}


def _make_plain(row: models.Model) -> None:
    fields = row._meta.concrete_fields
    make_plain(
        row, *(field.name for field in fields if isinstance(field, models.CharField | models.TextField))
    )


def _changed(study: Study) -> None:
    posts = list(study.weighings.values_list("article", flat=True))
    pages.changed(articles=posts, site=bool(posts))
