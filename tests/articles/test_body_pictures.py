"""Pictures inside a text: their size, their description, and that they are not deleted from under it."""

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import ProtectedError

from articles import images, publishing
from articles.models import Picture
from tests.conftest import signed_in
from tests.factories import make_article, make_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture() -> Picture:
    return make_picture(
        file=default_storage.save("pictures/in-text.png", ContentFile(b"x")), alt='A "quoted" wave'
    )


def test_size_and_description_are_filled_in(picture: Picture) -> None:
    article = make_article(body=f'<figure><img src="{picture.file.url}"></figure>')
    wanted = f'<img src="{picture.file.url}" alt="A &quot;quoted&quot; wave" width="800" height="450">'
    assert wanted in article.body
    publishing.save_article(article)
    assert wanted in article.body


def test_the_editors_own_description_stays(picture: Picture) -> None:
    assert 'alt="Mine"' in make_article(body=f'<p><img src="{picture.file.url}" alt="Mine"></p>').body


def test_a_picture_without_words_is_asked_about_before_publishing(picture: Picture) -> None:
    unknown = make_article(body='<p><img src="/media/unknown.png"></p>')
    assert "Describe each picture" in publishing.missing(unknown, has_authors=True)["body"]
    known = make_article(body=f'<p>Words <img src="{picture.file.url}"></p>')
    assert publishing.missing(known, has_authors=True) == {}
    Picture.objects.filter(pk=picture.pk).update(decorative=True, alt="")
    ornament = make_article(body=f'<p>Words <img src="{picture.file.url}" alt=""></p>')
    assert publishing.missing(ornament, has_authors=True) == {}


def test_a_picture_in_a_text_is_not_deleted(picture: Picture, administrator: User) -> None:
    make_article(title="Waves", body=f'<p>Words <img src="{picture.file.url}"></p>')
    with pytest.raises(ProtectedError):
        images.delete_pictures([picture])
    boss = signed_in(administrator)
    path = f"/admin/articles/picture/{picture.pk}/delete/"
    assert "Post: Waves" in boss.get(path).content.decode()
    boss.post(path, {"post": "yes"})
    assert Picture.objects.filter(pk=picture.pk).exists()
