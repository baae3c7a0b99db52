"""Two moderators decide one comment at the same moment: one outcome, one entry, one mail; the other is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import User
from django.db import connections

from comments import moderation
from comments.models import Comment, Decision, Mail
from comments.moderation import MoveRefused, Seen
from comments.states import State
from tests.comments.letters import confirmed
from tests.factories import make_article, make_comment, make_staff

ROUNDS = 200


@pytest.mark.usefixtures("real_transactions")
def test_of_two_at_the_same_moment_one_decides_and_the_other_is_told() -> None:
    article, writer = make_article(), confirmed()
    desks = [
        (make_staff("mo", "Moderators"), State.APPROVED),
        (make_staff("max", "Moderators"), State.DECLINED),
    ]
    start = Barrier(2)

    def decide(by: User, to: State, pk: int) -> str:
        comment = Comment.objects.get(pk=pk)  # each has a card of their own
        seen = Seen.of(comment)
        try:
            start.wait(timeout=30)
            moderation.move(comment, to, by=by, seen=seen)
        except MoveRefused as refused:
            return str(refused)
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(2) as pool:
        for number in range(ROUNDS):
            comment = make_comment(article, state=State.PENDING, commenter=writer)
            tries = [pool.submit(decide, by, to, comment.pk) for by, to in desks]
            told = [one.result() for one in tries]
            entry = Decision.log.get(comment=comment)
            winner = next(by for (by, _), problem in zip(desks, told, strict=True) if not problem)
            assert sorted(bool(problem) for problem in told) == [False, True], number
            assert entry.by == winner
            assert Comment.objects.get(pk=comment.pk).state == entry.to
            assert winner.get_username() in "".join(told)
            assert Mail.objects.filter(comment=comment).count() == 1
