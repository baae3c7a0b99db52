"""What a study may say: numbers in form, groups that add up, intervals that hold their value; in sentences, never half saved."""

import importlib
import re
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client

from articles import citations, evidence, publishing
from articles.models import Arm, Article, Outcome, Result, Study, TimePoint, Weighing
from tests.conftest import signed_in
from tests.factories import make_article, make_study, make_weighing
from tests.test_verbs import article_form

pytestmark = pytest.mark.django_db
ADD = "/admin/articles/study/add/"


@pytest.fixture
def desk(editor: User) -> Client:
    return signed_in(editor)


def study_form(**fields: object) -> dict[str, Any]:
    form = {"title": "A trial of warmth", "design": "randomised", "source": "summary", **fields}
    for prefix in ("arms", "times", "outcomes"):
        form |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return {**form, **fields}


def arms(*groups: tuple[str, object, object]) -> dict[str, object]:
    rows: dict[str, object] = {"arms-TOTAL_FORMS": str(len(groups))}
    for place, (name, randomised, analysed) in enumerate(groups):
        row = {"name": name, "randomised": randomised, "analysed": analysed, "position": place}
        rows |= {f"arms-{place}-{field}": value for field, value in row.items()}
    return rows


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("https://doi.org/10.1177/0269215511399476", "10.1177/0269215511399476"),
        ("http://dx.doi.org/10.1155/2011/561753", "10.1155/2011/561753"),
        (" doi:10.1080/ABC ", "10.1080/abc"),
        ("DOI: 10.1000/a(b)c;d", "10.1000/a(b)c;d"),
    ],
)
def test_a_doi_is_brought_into_one_form(typed: str, stored: str) -> None:
    assert citations.plain_doi(typed) == stored
    citations.check_doi(stored)
    assert citations.doi_link(stored).startswith("https://doi.org/10.")


@pytest.mark.parametrize(
    "bad",
    ["", "10.1177", "11.1177/x", "10.1/x", "10.1177/", "10.1177/a b", "10.1177/é", "10.1177/../../x", '10.1177/"><b>', "10.1177/a\n"],
)  # fmt: skip
def test_what_is_no_doi_is_refused(bad: str) -> None:
    with pytest.raises(ValidationError, match=r"looks like 10\."):
        citations.check_doi(bad)


@pytest.mark.parametrize("bad", ["0", "12a", "-5", "1234567890"])
def test_what_is_no_pubmed_number_is_refused(bad: str) -> None:
    with pytest.raises(ValidationError, match="digits"):
        citations.check_pmid(bad)


def test_pubmed_numbers_are_taken_from_their_links() -> None:
    assert citations.plain_pmid("https://pubmed.ncbi.nlm.nih.gov/21673013/") == "21673013"
    assert citations.plain_pmid("PMID: 21673013") == "21673013"


def test_registers_are_known_by_their_form() -> None:
    for good in ("NCT01234567", "ISRCTN12345678", "ACTRN12611000123456", "CRD42020123456", "2008-001234-56"):
        citations.check_registry(good)
    for bad in ("NCT123", "12345", "none", "NCT01234567 and more"):
        with pytest.raises(ValidationError, match="register"):
            citations.check_registry(bad)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("p<.05", "< 0.05"), ("P < 0.032", "< 0.032"), ("0.05", "= 0.05"), ("≤0.01", "≤ 0.01"), ("1", "= 1")],
)
def test_p_is_written_in_one_form(typed: str, stored: str) -> None:
    assert citations.plain_p(typed) == stored
    citations.check_p(stored)


@pytest.mark.parametrize("bad", ["significant", "1.5", "< 5", "-0.1", "0.05; DROP"])
def test_what_is_no_p_is_refused(bad: str) -> None:
    with pytest.raises(ValidationError, match="as the paper does"):
        citations.check_p(citations.plain_p(bad))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"doi": "not a doi"}, "A DOI looks like"),
        ({"pmid": "x1"}, "A PubMed number has"),
        ({"registry": "soon"}, "no number of a trial register"),
        ({"year": "1492"}, "That year cannot be right"),
        ({"year": "2031"}, "That year cannot be right"),
        ({"participants": "20", "analysed": "21"}, "more people in the result"),
        ({"studies_found": "6", "studies_pooled": "11"}, "cannot add up more studies"),
        ({"url": "javascript:alert(1)"}, "valid URL"),
        (arms(("A", 10, 11)), "more people in the result"),
        ({"participants": "86", **arms(("A", 40, ""), ("B", 45, ""))}, "Together 85 people were put into the groups"),
        ({"participants": "20", **arms(("A", 40, ""), ("B", "", ""))}, "but the study states 20"),
        ({"analysed": "59", **arms(("A", "", 30), ("B", "", 30))}, "Together 60 people are in the groups"),
        (
            {"times-TOTAL_FORMS": "1", "times-0-label": "before", "times-0-weeks": "-2"},
            "lies after the start",
        ),
        (
            {
                "outcomes-TOTAL_FORMS": "1",
                "outcomes-0-name": "Pain",
                "outcomes-0-better": "sideways",
                "outcomes-0-position": "1",
            },
            "sideways",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence_and_nothing_is_saved(
    desk: Client, fields: dict[str, object], sentence: str
) -> None:
    response = desk.post(ADD, study_form(**fields))
    assert response.status_code == 200
    page = response.content.decode()
    assert sentence in page
    assert "A trial of warmth" in page, "what was typed is still there"
    assert not Study.objects.exists()
    assert not Arm.objects.exists()


def test_what_adds_up_is_saved_whole_with_its_history(desk: Client, editor: User) -> None:
    form = study_form(
        participants="38",
        doi="https://doi.org/10.1000/XYZ",
        **arms(("A", 13, 13), ("B", 13, 10), ("C", 12, "")),
    )
    assert desk.post(ADD, form).status_code == 302
    study = Study.objects.get()
    assert study.doi == "10.1000/xyz"
    assert [arm.randomised for arm in study.arms.all()] == [13, 13, 12]
    assert study.history.get().history_user == editor
    assert "A study with this DOI is there already" in desk.post(ADD, form).content.decode()
    assert Study.objects.count() == 1, "the same click twice makes one"


def blank_rows(page: str, prefix: str) -> int:
    found = re.search(rf'name="{prefix}-TOTAL_FORMS" value="(\d+)"', page)
    assert found
    return int(found[1])


def test_rows_stand_ready_for_those_without_a_script_and_blank_ones_are_no_fault(desk: Client) -> None:
    page = desk.get(ADD).content.decode()
    ready = {prefix: blank_rows(page, prefix) for prefix in ("arms", "times", "outcomes")}
    assert ready == {"arms": 2, "times": 3, "outcomes": 3}
    totals = {f"{prefix}-TOTAL_FORMS": str(count) for prefix, count in ready.items()}
    places = {f"{prefix}-{n}-position": "1" for prefix in ("arms", "outcomes") for n in range(ready[prefix])}
    assert desk.post(ADD, study_form(**totals, **places)).status_code == 302
    study = Study.objects.get()
    assert not study.arms.exists()
    assert not study.times.exists()
    assert not study.outcomes.exists()
    page = desk.get(f"/admin/articles/study/{study.pk}/change/").content.decode()
    assert [blank_rows(page, prefix) for prefix in ("arms", "times", "outcomes")] == [1, 2, 1]
    page = desk.get("/admin/articles/article/add/").content.decode()
    assert blank_rows(page, "weighings") == 1


def test_groups_that_the_paper_leaves_open_are_no_fault() -> None:
    study = make_study(participants=86)
    evidence.check_groups(study, [Arm(randomised=40), Arm()])
    evidence.check_groups(study, [])
    evidence.check_groups(make_study(), [Arm(randomised=40)])


BAD_RESULTS: list[tuple[dict[str, Any], str]] = [
    ({"estimate": 5, "sd": -1}, "never below zero"),
    ({"estimate": 5, "low": 6, "high": 7}, "outside its own interval"),
    ({"low": 7, "high": 6}, "Swap its ends"),
    ({"estimate": 5, "low": 4}, "two ends"),
    ({}, "Leave out what is not reported"),
    ({"estimate": 5, "kind": "difference"}, "A difference names both groups"),
    ({"estimate": 5, "arm": None}, "A value belongs to one group"),
    ({"estimate": 11}, "outside the scale"),
]


def line(**fields: Any) -> Result:
    study = make_study(outcomes=["Pain"])
    outcome = study.outcomes.get()
    outcome.scale_low, outcome.scale_high = Decimal(0), Decimal(10)
    first = study.arms.all()[0]
    return Result(**{"outcome": outcome, "time": study.times.all()[1], "arm": first, **fields})


@pytest.mark.parametrize(("fields", "sentence"), BAD_RESULTS)
def test_a_line_of_numbers_that_cannot_be_is_refused(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        line(**fields).full_clean()


@pytest.mark.parametrize(("fields", "sentence"), BAD_RESULTS[:-1])
def test_the_database_refuses_it_too(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        line(**fields).save()


def test_a_group_is_not_compared_with_itself() -> None:
    result = line(kind="difference", estimate=1)
    result.against = result.arm
    with pytest.raises(ValidationError, match="with itself"):
        result.full_clean()


@pytest.mark.parametrize(
    "fields",
    [{"estimate": 5, "sd": 0}, {"words": "improved"}, {"p": "< 0.05"}, {"low": -5, "high": -1}, {"estimate": 5, "low": 5, "high": 5}],
)  # fmt: skip
def test_what_a_paper_may_report_is_kept(fields: dict[str, Any]) -> None:
    result = line(**fields)
    result.full_clean()
    result.save()
    result.refresh_from_db()
    assert {name: getattr(result, name) for name in fields} == fields


def test_a_group_with_numbers_is_not_taken_away(desk: Client) -> None:
    result = line(estimate=5)
    result.save()
    study = result.outcome.study
    arm = study.arms.all()[0]
    row = {
        "arms-TOTAL_FORMS": "1",
        "arms-INITIAL_FORMS": "1",
        "arms-0-id": arm.pk,
        "arms-0-study": study.pk,
        "arms-0-name": arm.name,
        "arms-0-position": "0",
        "arms-0-DELETE": "on",
    }
    response = desk.post(f"/admin/articles/study/{study.pk}/change/", study_form(**row))
    assert response.status_code == 200
    assert "would require deleting the following protected related objects" in response.content.decode()
    assert study.arms.count() == 2
    evidence.delete_studies([study])
    assert not Result.objects.exists(), "with the whole study it goes"


def test_numbers_are_offered_for_the_groups_of_this_study_only(desk: Client) -> None:
    other = make_study(arms=["Stranger"])
    outcome = make_study(outcomes=["Pain"]).outcomes.get()
    form = {
        "name": "Pain", "better": "lower", "position": "1",
        "results-TOTAL_FORMS": "1", "results-INITIAL_FORMS": "0", "results-0-kind": "value",
        "results-0-time": outcome.study.times.all()[0].pk, "results-0-arm": other.arms.get().pk,
        "results-0-estimate": "5",
    }  # fmt: skip
    address = f"/admin/articles/outcome/{outcome.pk}/change/"
    assert "Stranger" not in desk.get(address).content.decode()
    response = desk.post(address, form)
    assert response.status_code == 200
    assert "not one of the available choices" in response.content.decode()
    assert not Result.objects.exists()


def test_a_number_is_kept_shown_and_changed_as_it_was_typed(desk: Client) -> None:
    result = line(estimate=Decimal("0.5"))
    evidence.save_parts(result.outcome.study, saved=[result])
    address = f"/admin/articles/outcome/{result.outcome_id}/change/"
    form = {
        "name": "Pain", "better": "lower", "position": "1",
        "results-TOTAL_FORMS": "1", "results-INITIAL_FORMS": "1", "results-0-id": result.pk,
        "results-0-kind": "value", "results-0-time": result.time_id, "results-0-arm": result.arm_id,
        "results-0-estimate": "0.50",
    }  # fmt: skip
    assert desk.post(address, form).status_code == 302
    result.refresh_from_db()
    assert str(result.estimate) == "0.50", "a zero more is a change"
    assert 'value="0.50"' in desk.get(address).content.decode()


@pytest.mark.parametrize("typed", ["0.50", "-12.3400", "1000000", "0.0001", "7."])
def test_a_number_comes_back_from_the_database_with_its_zeros(typed: str) -> None:
    result = line(estimate=Decimal(typed), outcome=make_study(outcomes=["Sleep"]).outcomes.get())
    result.save()
    result.refresh_from_db()
    assert str(result.estimate) == typed.rstrip(".")


def test_numbers_are_compared_as_numbers_and_not_as_words() -> None:
    good = line(estimate=Decimal("9.5"), low=Decimal(-10), high=Decimal("10.0"))
    good.full_clean()
    good.save()
    bad = line(estimate=Decimal("9.5"), low=Decimal("1.5"), high=Decimal("9.40"))
    with pytest.raises(IntegrityError), transaction.atomic():
        bad.save()


def test_numbers_from_before_lose_the_zeros_of_their_column_only() -> None:
    migration = importlib.import_module("articles.migrations.0014_no_zeros_of_the_column")
    result = line(estimate=Decimal("20.6000"), low=Decimal("-100.0000"), high=Decimal("100.0500"))
    result.save()
    migration.trim(apps, SimpleNamespace(connection=connection))
    result.refresh_from_db()
    assert [str(number) for number in (result.estimate, result.low, result.high)] == [
        "20.6",
        "-100",
        "100.05",
    ]
    assert result.sd is None


@pytest.mark.parametrize("lines", [1, 12])
def test_the_page_of_an_outcome_asks_for_its_choices_once(
    desk: Client, django_assert_max_num_queries: Any, lines: int
) -> None:
    study = make_study(outcomes=["Pain"])
    outcome = study.outcomes.get()
    times = [TimePoint(study=study, label=f"week {week}", weeks=week) for week in range(1, lines + 1)]
    evidence.save_parts(study, saved=times)
    evidence.save_parts(
        study,
        saved=[
            Result(outcome=outcome, time=time, arm=study.arms.all()[0], estimate=Decimal(5)) for time in times
        ],
    )
    with django_assert_max_num_queries(14):
        assert desk.get(f"/admin/articles/outcome/{outcome.pk}/change/").status_code == 200


def test_a_post_that_readers_see_needs_a_verdict_on_each_study(desk: Client) -> None:
    article = make_article(status=Article.Status.DRAFT)
    make_weighing(article, size="", certainty="low")
    lacks = publishing.missing(article, has_authors=True)
    assert lacks == {"weighings": "Say of each study how much it helps and how sure we can be."}
    assert publishing.publish([article]) == 0
    weighing = article.weighings.get()
    weighing.size = "little"
    evidence.weigh(article, saved=[weighing])
    assert publishing.missing(article, has_authors=True) == {}
    assert publishing.publish([article]) == 1


def test_a_post_without_studies_lacks_nothing() -> None:
    assert publishing.missing(make_article(), has_authors=True) == {}


def weighing_rows(*rows: dict[str, object]) -> dict[str, object]:
    fields: dict[str, object] = {"weighings-TOTAL_FORMS": str(len(rows)), "weighings-INITIAL_FORMS": "0"}
    for place, row in enumerate(rows):
        fields |= {f"weighings-{place}-{name}": value for name, value in {"position": "1", **row}.items()}
    return fields


JUDGED = {"size": "little", "certainty": "low"}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({}, "Say of each study how much it helps"),
        ({**JUDGED, "better_with": "3"}, "on both sides"),
        ({**JUDGED, "better_with": "30", "better_without": "2", "out_of": "10"}, "more people better than there are"),
    ],
)  # fmt: skip
def test_a_weighing_that_cannot_be_is_refused_on_the_posts_page(
    desk: Client, row: dict[str, object], sentence: str
) -> None:
    article = make_article()
    rows = weighing_rows({"study": make_study().pk, **row})
    response = desk.post(f"/admin/articles/article/{article.pk}/change/", article_form(article, **rows))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not Weighing.objects.exists()


def test_a_post_is_about_one_study(desk: Client) -> None:
    article = make_article()
    rows = [{"study": make_study().pk, "is_main": "on", **JUDGED} for _ in range(2)]
    address = f"/admin/articles/article/{article.pk}/change/"
    response = desk.post(address, article_form(article, **weighing_rows(*rows)))
    assert "A post is about one study" in response.content.decode()
    assert not Weighing.objects.exists()


def test_the_main_study_can_be_changed_for_another() -> None:
    article = make_article()
    old, new = make_weighing(article), make_weighing(article, is_main=False)
    old.is_main, new.is_main = False, True
    evidence.weigh(article, saved=[new, old])
    assert Article.objects.for_page().get().main_weighing == new


def test_one_study_serves_several_posts() -> None:
    study = make_study()
    posts = [make_article(), make_article()]
    for post in posts:
        make_weighing(post, study)
    assert Study.objects.in_use().get() == study
    assert {weighing.article for weighing in study.weighings.all()} == set(posts)


def test_an_outcome_is_made_on_its_studys_page_only(desk: Client) -> None:
    assert desk.get("/admin/articles/outcome/add/").status_code == 403
    assert not Outcome.objects.exists()


def test_a_citation_leaves_out_what_is_not_known() -> None:
    full = Study(
        title="Does it help?", authors="A A, B B, C C, D D, E E, F F, G G", journal="Journal", year=2011,
        volume="25", issue="9", pages="800–813",
    )  # fmt: skip
    assert full.citation == "A A, B B, C C, D D, E E, F F, et al. Does it help? Journal. 2011;25(9):800–813."
    assert Study(title="Only a title").citation == "Only a title."
    assert Study(title="T", pmid="1").link == "https://pubmed.ncbi.nlm.nih.gov/1/"
    assert (
        Study(title="T", doi="10.1000/a", pmid="1", url="https://example.org").link
        == "https://doi.org/10.1000/a"
    )
    assert Study(title="T").link == ""
