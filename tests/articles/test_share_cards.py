"""The drawn picture of a post: made by the worker, kept in step with its words, never a box for a letter."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client
from django_tasks_db.models import DBTaskResult
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from articles import publishing, share_cards, share_drawing
from articles.models import Article
from fibroblog import pages
from tests.factories import make_article

TITLE, FINDING = "Does warmth help sleep?", "It probably helps a little."


def opened(drawn: bytes | None) -> Image.Image:
    assert drawn is not None
    return Image.open(io.BytesIO(drawn)).convert("RGB")


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def drawn(db: None) -> Article:
    return redrawn(make_article(title=TITLE, finding=FINDING))


def redrawn(article: Article) -> Article:
    """As the worker leaves it, with a file for the row."""
    share_cards.draw.call(article.pk)
    return Article.objects.get(pk=article.pk)


# The drawing ----------------------------------------------------------------------------------------


def test_a_card_has_the_size_that_others_ask_for_and_is_no_heavier_than_a_page() -> None:
    drawn = share_drawing.draw(TITLE, FINDING, "Fibroblog")
    assert opened(drawn).size == (1200, 630)
    assert len(drawn or b"") < 40_000


def test_the_same_words_draw_the_same_card_and_others_another() -> None:
    first = share_drawing.draw(TITLE, FINDING, "Fibroblog")
    assert first == share_drawing.draw(TITLE, FINDING, "Fibroblog")
    for words in (
        ("Other?", FINDING, "Fibroblog"),
        (TITLE, "Other.", "Fibroblog"),
        (TITLE, FINDING, "Other"),
    ):
        assert share_drawing.draw(*words) != first


@pytest.mark.parametrize(
    ("title", "finding"),
    [
        ("Short?", ""),
        ("words and more of them " * 7, "what was found, at length, " * 8),
        ("Donaudampfschifffahrt" * 7, "W" * 220),
    ],
)
def test_words_of_any_length_stay_inside_the_margins(title: str, finding: str) -> None:
    card = opened(share_drawing.draw(title[:160], finding[:220], "Fibroblog"))
    ink = card.convert("L").point(lambda grey: 255 if grey < 150 else 0)  # words and mark, not the shade
    box = ink.getbbox()
    assert box is not None
    left, top, right, bottom = box
    assert left >= 60
    assert right <= 1200 - 60
    assert (top, bottom) >= (40, 150)
    assert bottom <= 630 - 40


@pytest.mark.parametrize(
    "title", ["Помогает ли тепло?", "Βοηθά η ζέστη;", "Pomůže teplo? Żółć", "P < 0.05 – “α” ≥ ½"]
)
def test_letters_that_the_font_has_are_drawn(title: str) -> None:
    assert share_drawing.draw(title, "", "Fibroblog") is not None


@pytest.mark.parametrize("title", ["温かさは眠りを助けますか", "هل يساعد الدفء؟", "Warm 🙂?", ""])
def test_a_title_that_the_font_cannot_write_gets_no_card(title: str) -> None:
    assert share_drawing.draw(title, FINDING, "Fibroblog") is None


def test_a_finding_or_name_that_the_font_cannot_write_is_left_out() -> None:
    bare = share_drawing.draw(TITLE, "", "")
    assert share_drawing.draw(TITLE, "温かさ", "ブログ") == bare


def test_letters_that_are_composed_count_as_one() -> None:
    assert share_drawing.draw("Cafe\u0301?", "", "") == share_drawing.draw("Café?", "", "")


def test_the_sites_own_card_is_drawn_by_the_same_hand() -> None:
    kept = (settings.BASE_DIR / "static" / "img" / "card.png").read_bytes()
    assert opened(kept).tobytes() == opened(share_drawing.draw_site()).tobytes()


# The file -------------------------------------------------------------------------------------------


def test_a_published_post_asks_the_worker_for_its_card_once(article: Article) -> None:
    asked = DBTaskResult.objects.filter(task_path=share_cards.draw.module_path)
    assert [task.args_kwargs["args"] for task in asked] == [[article.pk]]
    share_cards.draw.call(article.pk)
    article.refresh_from_db()
    article.body = "<p>Another story.</p>"
    publishing.save_article(article)
    assert asked.all().count() == 1, "its words did not change"
    article.finding = "It does not."
    publishing.save_article(article)
    assert asked.all().count() == 2


@pytest.mark.django_db
def test_a_draft_has_no_card_that_could_tell_of_it(media: Path) -> None:
    draft = make_article(status=Article.Status.DRAFT)
    assert redrawn(draft).share_card == ""
    assert not DBTaskResult.objects.exists()
    assert not list(media.rglob("*.png"))


def test_the_card_is_on_the_page_with_its_words_and_the_stamps_have_moved(
    client: Client, article: Article
) -> None:
    before = pages.version_of(f"article:{article.pk}")
    without = client.get(article.get_absolute_url()).content.decode()
    assert '<meta property="og:image" content="http://testserver/static/img/card.png">' in without
    card = redrawn(article).share_card
    assert default_storage.exists(card)
    text = client.get(article.get_absolute_url()).content.decode()
    assert f'<meta property="og:image" content="http://testserver/media/{card}">' in text
    assert f'<meta property="og:image:alt" content="{article.title} {article.finding}">' in text
    served = client.get(f"/media/{card}")
    assert served.getvalue().startswith(b"\x89PNG")
    assert served.headers["Content-Type"] == "image/png"
    assert pages.version_of(f"article:{article.pk}") > before


def test_other_words_get_another_file_and_the_old_one_goes(
    drawn: Article, media: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    old = drawn.share_card
    drawn.title = "Does cold help sleep?"
    publishing.save_article(drawn)
    with django_capture_on_commit_callbacks(execute=True):
        new = redrawn(drawn).share_card
    assert new != old
    assert [path.name for path in media.rglob("*.png")] == [Path(new).name]


def test_a_title_that_cannot_be_drawn_gives_the_old_card_up(
    drawn: Article, media: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    drawn.title = "温かさは眠りを助けますか"
    publishing.save_article(drawn)
    with django_capture_on_commit_callbacks(execute=True):
        assert redrawn(drawn).share_card == ""
    assert not list(media.rglob("*.png"))


def test_words_that_change_while_the_card_is_drawn_are_not_overruled(
    article: Article,
    monkeypatch: pytest.MonkeyPatch,
    media: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def slowly(title: str, finding: str, site: str) -> bytes | None:
        Article.objects.filter(pk=article.pk).update(title="Meanwhile?")
        return b"of the old words"

    monkeypatch.setattr(share_drawing, "draw", slowly)
    with django_capture_on_commit_callbacks(execute=True):
        assert redrawn(article).share_card == ""
    assert not list(media.rglob("*.png"))


def test_a_deleted_post_takes_its_card_along(
    drawn: Article, media: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    assert list(media.rglob("*.png"))
    with django_capture_on_commit_callbacks(execute=True):
        publishing.delete_articles([drawn])
    assert not list(media.rglob("*.png"))


@pytest.mark.django_db
def test_a_card_of_a_post_deleted_meanwhile_is_not_missed() -> None:
    share_cards.draw.call(12345)
    assert not Article.objects.exists()


def test_a_site_with_another_name_has_its_cards_drawn_anew(drawn: Article, settings: Settings) -> None:
    DBTaskResult.objects.all().delete()
    share_cards.catch_up()
    assert not DBTaskResult.objects.exists()
    settings.SITE_NAME = "Another blog"
    share_cards.catch_up()
    assert DBTaskResult.objects.get().task_path == share_cards.draw_missing.module_path
    share_cards.draw_missing.call()
    assert Article.objects.get().share_card not in {"", drawn.share_card}
