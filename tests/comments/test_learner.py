"""The learner says why, says nothing while it knows too little, and above all holds no ham in error."""

from pathlib import Path

import pytest

from comments import learner
from comments.learner import Knowledge, Trial

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


def test_its_own_trial_comes_to_the_same() -> None:
    knowledge, trial = learner.study(iter(texts()), tried=len(texts()))
    answers = judged()
    assert trial.ham == sum(not is_spam for _, is_spam, _ in answers)
    assert trial.spam_held == sum(is_spam and says_spam for _, is_spam, says_spam in answers)
    assert trial.ham_held == sum(says_spam and not is_spam for _, is_spam, says_spam in answers)
    assert (trial.precision, trial.recall) == (1.0, trial.spam_held / trial.spam)
    assert knowledge == learner.learn(texts())


def test_only_the_first_texts_are_tried_and_few_texts_are_no_trial() -> None:
    assert 0 < learner.study(texts()[::-1], tried=10)[1].tried <= 10
    assert learner.study(texts()[:30], tried=30)[1] == Trial()
    assert (Trial().precision, Trial().recall) == (None, None)


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


def test_numbers_and_overlong_words_are_not_kept() -> None:
    assert learner.words_of(f"call 0123456789 or 5000 b12 {'a' * 26} https://{'b' * 61}/") == {"call", "b12"}


def test_of_too_many_words_those_seen_most_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learner, "MOST_WORDS", 1)
    assert learner.learn([("pain bath", False), ("pain bath", False), ("pain", True)]).words == {
        "pain": (1, 2)
    }


def test_two_knowledges_add_up() -> None:
    both = Knowledge(3, 4, {"pain": (0, 3), "pills": (2, 0)}) + Knowledge(1, 2, {"pain": (1, 1)})
    assert both == Knowledge(4, 6, {"pain": (1, 4), "pills": (2, 0)})
    assert Knowledge() + Knowledge() == Knowledge()


def test_the_weightiest_words_each_way() -> None:
    for_spam, against = learner.weightiest(learner.learn(texts()), 5)
    assert len(for_spam) == len(against) == 5
    assert "click" in for_spam
    assert "read" in against
    assert not {*for_spam} & {*against}
    assert learner.weightiest(Knowledge(1, 1, {"pain": (1, 1)}), 5) == ([], [])


@pytest.mark.parametrize("score", [0.0, 1.0])
def test_nothing_is_certain(score: float) -> None:
    assert 0 < learner.Judgement(score, []).percent < 100
