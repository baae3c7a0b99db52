"""Hard words are explained where they first stand, in running text only, and cost a page next to nothing."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles import glossary
from articles.models import GlossaryTerm
from tests.conftest import signed_in
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def make_term(word: str, other_forms: str = "", explanation: str = "A plain explanation.") -> GlossaryTerm:
    return glossary.save_term(GlossaryTerm(word=word, other_forms=other_forms, explanation=explanation))


def explained(html: str) -> str:
    """The text with each explained word in square brackets."""
    marked, _ = glossary.explain(html, glossary.entries())
    return re.sub(
        r'<button type="button" class="word" popovertarget="word-\d+">(.*?)</button>', r"[\1]", marked
    )


@pytest.fixture
def terms() -> list[GlossaryTerm]:
    return [
        make_term("fascia"),
        make_term("sham", "placebo\nshams"),
        make_term("interval"),
        make_term("confidence interval", "confidence intervals"),
        make_term("release", "release therapy"),
    ]


@pytest.mark.usefixtures("terms")
@pytest.mark.parametrize(
    ("html", "marked"),
    [
        ("<p>Fascia wraps. Fascia joins.</p>", "<p>[Fascia] wraps. Fascia joins.</p>"),
        ("<p>A placebo is a sham.</p>", "<p>A [placebo] is a sham.</p>"),
        ("<p>Two SHAMS, one.</p>", "<p>Two [SHAMS], one.</p>"),
        ("<p>myofascial shameful shams2</p>", "<p>myofascial shameful shams2</p>"),
        ("<p>The confidence interval.</p>", "<p>The [confidence interval].</p>"),
        ("<p>A confidence interval, any interval.</p>", "<p>A [confidence interval], any [interval].</p>"),
        ("<p>Release therapy, then release.</p>", "<p>[Release therapy], then release.</p>"),
        ("<ul><li><strong>Sham</strong></li></ul>", "<ul><li><strong>[Sham]</strong></li></ul>"),
        ("<table><tr><th>sham</th><td>sham</td></tr></table>", "<table><tr><th>sham</th><td>[sham]</td></tr></table>"),
        ("<h2>What is fascia?</h2><p>Fascia</p>", "<h2>What is fascia?</h2><p>[Fascia]</p>"),
        ("<h3>A <em>sham</em></h3>", "<h3>A <em>sham</em></h3>"),
        ('<p><a href="/sham/">the <em>sham</em></a></p>', '<p><a href="/sham/">the <em>sham</em></a></p>'),
        ("<p><code>sham</code></p>", "<p><code>sham</code></p>"),
        ('<img src="/media/sham.png" alt="sham">', '<img src="/media/sham.png" alt="sham">'),
        ("<p>a &sham; b</p>", "<p>a &sham; b</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_first_occurrence_in_running_text_is_marked_and_no_other(html: str, marked: str) -> None:
    assert explained(html) == marked


def test_words_that_look_like_markup_stay_words(client: Client) -> None:
    make_term('<b onclick="x">', explanation='Say "<script>alert(1)</script>" & go.')
    make_term("fascia", explanation="Tissue <i>within</i>.")
    post = make_article(short_version='One <b onclick="x"> & fascia', body="<p>Fascia</p>")
    text = client.get(post.get_absolute_url()).content.decode()
    assert "<script>alert" not in text
    assert "<b onclick" not in text
    assert "Tissue &lt;i&gt;within&lt;/i&gt;." in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in client.get("/words/").content.decode()


def test_a_page_holds_one_explanation_for_each_word_that_it_marks(client: Client) -> None:
    fascia, sham, _ = make_term("fascia"), make_term("sham", "placebo"), make_term("adhesions")
    post = make_article(short_version="About fascia.\n\nAbout fascia.", body="<p>Fascia and a sham.</p>")
    text = client.get(post.get_absolute_url()).content.decode()
    assert text.count(f'popovertarget="word-{fascia.pk}"') == 2  # in the short version and in the story
    assert re.findall(r'id="word-(\d+)"', text) == [str(fascia.pk), str(sham.pk)]
    assert set(re.findall(r'popovertarget="word-(\d+)"', text)) == {str(fascia.pk), str(sham.pk)}
    without = client.get(make_article().get_absolute_url()).content.decode()
    assert "popover" not in without
    assert "Words in this post" not in without


def test_a_changed_word_is_on_the_next_page(client: Client) -> None:
    path = make_article(body="<p>A sham.</p>").get_absolute_url()
    assert "popover" not in client.get(path).content.decode()
    term = make_term("sham", explanation="At first.")
    assert "At first." in client.get(path).content.decode()
    term.explanation = "Better words."
    glossary.save_term(term)
    assert "Better words." in client.get(path).content.decode()
    glossary.delete_terms([term])
    assert "popover" not in client.get(path).content.decode()


def test_all_words_are_listed_by_name(client: Client) -> None:
    for word in ("sham", "Adhesions", "fascia"):
        make_term(word)
    text = client.get("/words/").content.decode()
    assert re.findall(r"<dt><dfn>(\w+)", text) == ["Adhesions", "fascia", "sham"]
    assert 'href="/words/"' in client.get("/").content.decode()


def test_an_empty_list_of_words_says_so(client: Client) -> None:
    assert "No words are explained yet" in client.get("/words/").content.decode()


FORM = {"word": "sham", "explanation": "Pretended.", "other_forms": ""}


def test_editors_keep_the_glossary_and_moderators_do_not(editor: User, moderator: User) -> None:
    path = "/admin/articles/glossaryterm/add/"
    assert signed_in(moderator).post(path, FORM).status_code == 403
    assert not GlossaryTerm.objects.exists()
    assert signed_in(editor).post(path, FORM).status_code == 302
    assert GlossaryTerm.objects.get().word == "sham"


@pytest.mark.parametrize(
    "fields", [{"word": "SHAM"}, {"word": "Placebo"}, {"word": "new", "other_forms": "x\nPLACEBO"}]
)
def test_no_word_is_explained_twice_in_any_form(editor: User, fields: dict[str, str]) -> None:
    make_term("sham", "placebo")
    response = signed_in(editor).post("/admin/articles/glossaryterm/add/", FORM | fields)
    assert response.status_code == 200
    assert "explained already" in response.content.decode()
    assert GlossaryTerm.objects.count() == 1


def test_the_same_word_can_be_saved_again(editor: User) -> None:
    term = make_term("sham", "placebo")
    path = f"/admin/articles/glossaryterm/{term.pk}/change/"
    for _ in range(2):
        assert signed_in(editor).post(path, FORM | {"other_forms": "placebo"}).status_code == 302
