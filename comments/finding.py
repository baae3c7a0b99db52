"""Which comments of a list somebody looks for: by words, post, a check's reason and age. All of it stands in the
address, so that it can be kept as a bookmark."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from .models import Comment, Decision, Verdict
from .querysets import CommentQuerySet
from .screening.words import FOR_MODERATORS, for_moderators

AGES = {"1": "More than a day old", "3": "More than three days old", "7": "More than a week old"}
REASONS = {reason: for_moderators(reason, "…") for reason in FOR_MODERATORS}
KEYS = ("words", "article", "reason", "why", "like", "days")


@dataclass(frozen=True)
class Finding:
    words: str = ""  # that stand in the text or are the name
    article: str = ""  # slug
    reason: str = ""  # why a check held the text that stands there now
    why: str = ""  # code of the reason that the last decision gave
    like: str = ""  # public id of a comment: only what the same browser sent
    days: str = ""  # a key of AGES

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> Self:
        """Nonsense counts as nothing asked."""
        reason, days = query.get("reason", ""), query.get("days", "")
        return cls(
            words=query.get("words", "").strip()[:100],
            article=query.get("article", "")[:200],
            reason=reason if reason in REASONS else "",
            why=query.get("why", "")[:40],
            like=query.get("like", "")[:12],
            days=days if days in AGES else "",
        )

    @property
    def query(self) -> dict[str, str]:
        return {key: value for key in KEYS if (value := getattr(self, key))}

    def among(self, comments: CommentQuerySet) -> CommentQuerySet:
        """The same list, only those looked for, in the same order."""
        if self.words:
            comments = comments.filter(Q(body__icontains=self.words) | Q(name__iexact=self.words))
        if self.article:
            comments = comments.filter(article__slug=self.article)
        if self.reason:
            found = Verdict.objects.filter(comment=OuterRef("pk"), revision=OuterRef("revision"))
            comments = comments.filter(Exists(found.filter(reason=self.reason)))
        if self.why:
            last = Decision.objects.filter(comment=OuterRef("pk")).order_by("-pk").values("reason")[:1]
            comments = comments.annotate(last_reason=Subquery(last)).filter(last_reason=self.why)
        if self.like:
            # By its public id, so that no hash stands in an address.
            owners = Comment.objects.filter(public_id=self.like).exclude(owner="")
            comments = comments.filter(owner__in=owners.values("owner"))
        if self.days:
            comments = comments.filter(created_at__lt=timezone.now() - timedelta(days=int(self.days)))
        return comments
