"""The learner says why, says nothing while it knows too little, and above all holds no ham in error."""

from pathlib import Path

import pytest

from comments import learner
from comments.learner import Knowledge

TEXTS = Path(__file__).with_name("learner_texts.txt")
FOLDS = 5


def texts() -> list[tuple[str, bool]]:
    lines = [line.partition(": ") for line in TEXTS.read_text().splitlines() if not line.startswith("#")]
    return [(text, kind == "spam") for kind, _, text in lines]


def judged() -> list[tuple[str, bool, bool]]:
    """Each text, whether it is spam, and whether a learner says so that never saw it."""
    answers = []
    for fold in range(FOLDS):
        known = learner.learn(row for number, row in enumerate(texts()) if number % FOLDS != fold)
        for text, is_spam in texts()[fold::FOLDS]:
            judgement = learner.judge(text, known)
            assert judgement is not None
            answers.append((text, is_spam, judgement.is_spam))
    return answers


def test_precision_recall_and_first_of_all_ham_held_in_error(capsys: pytest.CaptureFixture[str]) -> None:
    answers = judged()
    held = [text for text, is_spam, says_spam in answers if says_spam and not is_spam]
    caught = sum(is_spam and says_spam for _, is_spam, says_spam in answers)
    spam = sum(is_spam for _, is_spam, _ in answers)
    said = sum(says_spam for _, _, says_spam in answers)
    with capsys.disabled():
        print(
            f"\nLearner on {len(answers)} texts of our own: ham held in error {len(held)} of {len(answers) - spam}, "
            f"precision {caught / said:.2f}, recall {caught / spam:.2f}"
        )
    assert held == []
    assert caught / spam >= 0.8


def test_it_names_the_weightiest_words() -> None:
    judgement = learner.judge("Buy cheap pills, best price, order now!", learner.learn(texts()))
    assert judgement is not None
    assert judgement.is_spam
    assert 0 < len(judgement.words) <= learner.TOLD
    assert set(judgement.words) <= {"buy", "cheap", "pills", "best", "price", "order", "now"}


def test_what_speaks_for_a_text_is_named_where_it_was_approved() -> None:
    judgement = learner.judge("My doctor knows how the pain feels.", learner.learn(texts()))
    assert judgement is not None
    assert judgement.score < 0.5
    assert "doctor" in judgement.words


def test_it_says_nothing_while_it_knows_too_little() -> None:
    few = [row for row in texts() if not row[1]] + [row for row in texts() if row[1]][
        : learner.LEAST_TEXTS - 1
    ]
    assert learner.judge("Buy cheap pills", learner.learn(few)) is None
    assert learner.judge("Buy cheap pills", Knowledge(0, 0, {})) is None


def test_a_text_of_unknown_words_is_undecided() -> None:
    judgement = learner.judge("Zxqv wkrty", learner.learn(texts()))
    assert judgement is not None
    assert (judgement.score, judgement.words) == (0.5, [])


def test_a_word_of_one_text_only_is_not_kept() -> None:
    known = learner.learn([("Hazel hurts", False), ("It hurts", False), ("hurts", True)])
    assert known.words == {"hurts": (1, 2)}


def test_a_word_counts_once_a_text_and_a_link_by_its_host() -> None:
    assert learner.words_of("Pain, PAIN; see https://www.Example.org/a?b=c") == {"pain", "see", "example.org"}
