"""The evidence card, the wider evidence, the verdict in lists, and warnings: what a reader sees, and what not."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import cards, evidence, notices, verdicts
from articles.crossref import Found
from articles.models import Article, Notice, Result, Study, Weighing
from articles.verdicts import Certainty, Size
from fibroblog import demo
from tests.factories import make_article, make_study, make_weighing

pytestmark = pytest.mark.django_db
Kind = Notice.Kind


def text_of(client: Client, article: Article) -> str:
    return client.get(article.get_absolute_url()).content.decode()


def rows_of(weighing: Weighing) -> dict[str, list[str]]:
    return {row.term: row.lines for row in cards.card(weighing)}


@pytest.mark.parametrize(
    ("size", "certainty", "words"),
    [
        (Size.LITTLE, Certainty.FAIRLY_SURE, "Probably helps a little"),
        (Size.MODERATE, Certainty.NOT_VERY_SURE, "May help moderately"),
        (Size.LARGE, Certainty.SURE, "Helps a lot"),
        (Size.NONE, Certainty.FAIRLY_SURE, "Probably makes little or no difference"),
        (Size.WORSE, Certainty.VERY_UNSURE, "May make things worse; very unsure"),
        ("", Certainty.SURE, ""),
        (Size.LITTLE, "", ""),
    ],
)
def test_a_verdict_is_two_phrases_from_fixed_lists(size: str, certainty: str, words: str) -> None:
    assert verdicts.words(size, certainty) == words


def test_every_pair_of_judgements_has_its_words() -> None:
    said = {verdicts.words(size, certainty) for size in Size for certainty in Certainty}
    assert len(said) == len(Size) * len(Certainty)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((3, 2, 10), "Better with it: 3 in 10 people. Better without it: 2 in 10. That is 1 more in 10."),
        ((20, 25, 100), "Better with it: 20 in 100 people. Better without it: 25 in 100. That is 5 fewer in 100."),
        ((0, 0, 1000), "Better with it: 0 in 1,000 people. Better without it: 0 in 1,000. That is no difference."),
        ((None, 2, 10), ""),
    ],
)  # fmt: skip
def test_numbers_are_absolute_with_one_denominator_and_their_difference(
    numbers: tuple[Any, Any, Any], words: str
) -> None:
    assert verdicts.absolute(*numbers) == words


def test_the_card_says_what_is_not_reported_and_invents_nothing(client: Client) -> None:
    article = make_article()
    make_weighing(article, make_study(title="Warmth", participants=86))
    rows = rows_of(Article.objects.for_page().get().weighings.all()[0])
    assert rows["Who took part"] == ["86 people.", "Diagnosis: not reported here."]
    assert rows["Harms"] == ["Not reported here."]
    assert rows["Who paid"] == ["Not reported here."]
    assert rows["What was tested"] == ["Not reported here."]
    page = text_of(client, article)
    assert "Evidence at a glance" in page
    assert "whole paper may say more" in page
    assert "None" not in page[page.index("Evidence at a glance") : page.index("full-story")]
    assert "The wider evidence" not in page


def test_the_card_says_all_that_is_known() -> None:
    article = make_article()
    study = make_study(
        design_note="two groups.", blinding="double", participants=20, analysed=18, diagnosed="By a doctor.",
        intervention="Warm baths.", comparison="No baths.", treatment_weeks=4, harms="Two fainted.",
        funding="A charity.", source="paper",
    )  # fmt: skip
    make_weighing(
        article, study, happened="Pain fell.", why="It is small.", better_with=3, better_without=2, out_of=10
    )
    rows = rows_of(Article.objects.for_page().get().weighings.all()[0])
    assert rows == {
        "What was tested": ["Warm baths.", "Compared with: No baths."],
        "Kind of study": [
            "Randomised trial: two groups.", "Neither those who took part nor those who measured knew.",
        ],
        "Who took part": ["20 people; 18 of them are in the result.", "Diagnosis: By a doctor."],
        "How long": ["4 weeks of treatment.", "Measured: before, after 20 weeks."],
        "What happened": [
            "Pain fell.", "Better with it: 3 in 10 people. Better without it: 2 in 10. That is 1 more in 10.",
        ],
        "How sure can we be?": ["Probably helps a little.", "Fairly sure. It is small."],
        "Harms": ["Two fainted."],
        "Who paid": ["A charity."],
    }  # fmt: skip


def test_numbers_say_groups_interval_and_direction() -> None:
    study = make_study(outcomes=["Pain"])
    outcome, (first, second), time = study.outcomes.get(), study.arms.all(), study.times.all()[1]
    lines = [
        Result(outcome=outcome, time=time, arm=first, estimate=Decimal("20.6"), sd=Decimal("6.3"), p="<.032"),
        Result(outcome=outcome, time=time, arm=second, words="unchanged"),
        Result(
            outcome=outcome,
            time=time,
            kind="difference",
            arm=first,
            against=second,
            low=Decimal(-5),
            high=Decimal(-1),
        ),
        Result(
            outcome=outcome, time=time, kind="ratio", estimate=Decimal(1), low=Decimal(0), high=Decimal(2)
        ),
    ]
    evidence.save_parts(study, saved=lines)
    assert cards.numbers(Study.objects.get()) == [
        "Pain, Release, after 20 weeks: 20.6 ± 6.3, P < 0.032.",
        "Pain, Sham, after 20 weeks: unchanged.",
        "Pain, Release against Sham, after 20 weeks: difference between groups somewhere in the 95 % interval −5 to −1.",
        "Pain, after 20 weeks: ratio 1 (95 % interval 0 to 2).",
        "Lower is better.",
    ]
    assert [result.no_difference for result in outcome.results.all()] == [None, None, 0, 1]


def test_a_value_with_a_spread_and_an_interval_says_what_each_of_them_is() -> None:
    study = make_study(outcomes=["Pain"])
    outcome = study.outcomes.get()
    outcome.unit = "points"
    evidence.save_outcome(outcome)
    both = {
        "estimate": Decimal("20.0"),
        "sd": Decimal("3.10"),
        "low": Decimal("18.5"),
        "high": Decimal("21.50"),
    }
    line = Result(outcome=outcome, time=study.times.all()[1], arm=study.arms.all()[0], **both)
    evidence.save_parts(study, saved=[line])
    assert cards.numbers(Study.objects.get())[0] == (
        "Pain, Release, after 20 weeks: 20.0 ± 3.10 points (± is how far people differed; the true value may well lie "
        "somewhere in the 95 % interval 18.5 to 21.50)."
    )


def test_several_studies_are_the_wider_evidence_and_never_the_main_one_again(client: Client) -> None:
    article = make_article()
    make_weighing(article, make_study(title="The main trial", doi="10.1000/main"))
    make_weighing(
        article, make_study(title="A <b>review</b>", design="review", studies_found=11), is_main=False
    )
    page = text_of(client, article)
    assert page[page.index("<body") :].count("The main trial") == 1
    assert 'href="https://doi.org/10.1000/main"' in page
    wider = page[page.index('id="wider-evidence"') :]
    assert "A &lt;b&gt;review&lt;/b&gt;" in wider
    assert "11 studies" in wider


@pytest.mark.parametrize(("lines", "folded"), [(3, False), (4, True)])
def test_many_numbers_of_the_wider_evidence_wait_behind_a_press(
    client: Client, lines: int, folded: bool
) -> None:
    article = make_article()
    study = make_study(outcomes=[f"Outcome {number}" for number in range(lines - 1)])
    time, arm = study.times.all()[0], study.arms.all()[0]
    rows = [Result(outcome=row, time=time, arm=arm, estimate=Decimal(7)) for row in study.outcomes.all()]
    evidence.save_parts(study, saved=rows)
    make_weighing(article, make_study())
    make_weighing(article, study, is_main=False)
    page = text_of(client, article)
    assert page.count(": 7.") == lines - 1, (
        "every line is on the page, and one says which direction is better"
    )
    assert (f"See {lines} lines of numbers" in page) is folded


@pytest.mark.parametrize("studies", [1, 9])
def test_an_article_page_asks_the_same_number_of_queries_whatever_it_weighs(
    client: Client, django_assert_num_queries: Any, studies: int
) -> None:
    article = make_article()
    for number in range(studies):
        study = make_study(outcomes=["Pain", "Sleep"])
        time, arm = study.times.all()[0], study.arms.all()[0]
        evidence.save_parts(
            study,
            saved=[
                Result(outcome=row, time=time, arm=arm, estimate=Decimal(1)) for row in study.outcomes.all()
            ],
        )
        notices.record(study, [Found(Kind.CONCERN, f"10.1000/{number}", None)])
        make_weighing(article, study, is_main=not number)
    # The post with its picture and series, authors, topics, corrections, resources, and seven for the studies.
    with django_assert_num_queries(12):
        post = Article.objects.for_page().get()
        for weighing in post.weighings.all():
            cards.card(weighing)
            cards.wider(weighing)
            assert weighing.study.warnings
        assert post.main_weighing is not None


def test_the_page_itself_asks_the_same_number_over_one_study_and_over_nine(client: Client) -> None:
    article = make_article()
    make_weighing(article, make_study(outcomes=["Pain"]))
    text_of(client, article)  # what a process asks once and remembers
    over_one = queries_of(client, article)
    for _ in range(8):
        make_weighing(article, make_study(outcomes=["Pain", "Sleep"]), is_main=False)
    assert queries_of(client, article) == over_one


def queries_of(client: Client, article: Article) -> int:
    with CaptureQueriesContext(connection) as caught:
        text_of(client, article)
    return len(caught.captured_queries)


def test_lists_show_the_verdict_in_words(client: Client) -> None:
    make_weighing(make_article())
    plain = make_article(title="Without a study")
    home = client.get("/").content.decode()
    assert home.count('class="verdict"') == 1
    assert "Probably helps a little" in home
    assert plain.title in home


@pytest.mark.parametrize("posts", [1, 8])
def test_a_list_asks_the_same_number_of_queries(
    client: Client, django_assert_num_queries: Any, posts: int
) -> None:
    for _ in range(posts):
        make_weighing(make_article())
    with django_assert_num_queries(6):  # posts, authors, topics; weighings, studies, notices
        assert [post.main_weighing.tag for post in Article.objects.with_listing()]  # type: ignore[union-attr]


def test_a_retraction_stands_above_every_post_that_uses_the_study(client: Client, editor: User) -> None:
    study, posts = make_study(title="Warmth"), [make_article(), make_article()]
    bystander = make_article()
    for post in posts:
        make_weighing(post, study)
    found = Found(Kind.RETRACTION, "10.1000/retracted", date(2024, 5, 3))
    assert notices.record(study, [found]) == 1
    assert notices.record(study, [found]) == 0, "the same notice is one"
    for post in posts:
        page = text_of(client, post)
        assert (
            "The journal took the study “Warmth” back on 3 May 2024. Please do not rely on its results."
            in page
        )
        assert "An editor will look at what this means" in page
        assert 'href="https://doi.org/10.1000/retracted"' in page
        assert Article.objects.visible().filter(pk=post.pk).exists(), "no post is taken down by itself"
    assert "notice warning" not in text_of(client, bystander)
    home = client.get("/").content.decode()
    assert home.count("The study was retracted") == 2
    assert "Probably helps a little" not in home
    assert notices.look_at(Notice.objects.all(), by=editor) == 1
    page = text_of(client, posts[0])
    assert "An editor has looked at this post since." in page
    assert "Please do not rely" in page, "a retraction stays above the post"


def test_a_correction_goes_into_the_card_once_an_editor_looked_at_it(client: Client, editor: User) -> None:
    article = make_article()
    study = make_weighing(article, make_study(title="Warmth")).study
    notices.record(study, [Found(Kind.CORRECTION, "", None)])
    assert "notice warning" in text_of(client, article)
    notices.look_at(Notice.objects.all(), by=editor)
    page = text_of(client, article)
    assert "notice warning" not in page
    assert "The journal corrected the study “Warmth”." in page
    assert "The study was retracted" not in client.get("/").content.decode()


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_notice_has_its_sentence(kind: Notice.Kind) -> None:
    sentence = Notice(study=Study(title="{curly} trial"), kind=kind).sentence
    assert "“{curly} trial”" in sentence
    assert sentence.endswith(".")


def test_the_demo_shows_only_what_the_abstracts_report(client: Client) -> None:
    demo.load()
    page = text_of(client, Article.objects.get(slug="myofascial-release-trial"))
    for known in (
        "86 people.",
        "10.1177/0269215511399476",
        "−0.42 (95 % interval −1.14 to 0.30)",
        # As their sources print them, zeros and all.
        *("−5.10 to −1.26", "−4.9 to −0.23", "−0.15 (−0.69 to 0.40)"),
        *("20.6 ± 6.3", "8.25 ± 1.13", "56.10 ± 17.3", "58.60 ± 16.30", "5.08 ± 1.03", "5.28 ± 0.97"),
    ):
        assert known in page
    trial = Study.objects.get(doi="10.1177/0269215511399476")
    assert not Result.objects.filter(outcome__study=trial, arm__name="Sham treatment").exists()
    assert not Result.objects.filter(outcome__study=trial, time__label="1 year later").exists()
    for study in Study.objects.all():
        study.full_clean()
        evidence.check_groups(study, study.arms.all())
    for result in Result.objects.all():
        result.full_clean()
