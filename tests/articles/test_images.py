"""Uploads: taken in safely, without what cameras add; smaller ones are made by the worker."""

import io
import re
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.PngImagePlugin import PngInfo
from pytest_django import Settings

from articles import images
from articles.models import Picture
from articles.renditions import ByTheWorker
from fibroblog import limits, pages
from tests.conftest import signed_in
from tests.factories import make_article, make_picture

ADD = "/admin/articles/picture/add/"
STEADY = settings(derandomize=True, deadline=None, database=None, max_examples=60)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def encoded(kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


def uploaded(content: bytes, name: str = "a.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def reopened(upload: images.Upload) -> Image.Image:
    return Image.open(io.BytesIO(upload.content))


def form(content: bytes | None = None, **fields: Any) -> dict[str, Any]:
    file = {"file": uploaded(content)} if content is not None else {}
    return {"alt": "A hand", "caption": "", "credit": "", **file, **fields}


@pytest.fixture
def desk(editor: User) -> Client:
    return signed_in(editor)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_moving_picture_stands_still(kind: str) -> None:
    frames = [Image.new("RGB", (40, 20), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100, loop=0)
    assert getattr(Image.open(io.BytesIO(out.getvalue())), "n_frames", 1) == 3
    assert getattr(reopened(images.read_upload(uploaded(out.getvalue()))), "n_frames", 1) == 1


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")])
def test_three_kinds_are_taken_whatever_the_file_is_called(kind: str, suffix: str) -> None:
    upload = images.read_upload(uploaded(encoded(kind), "holiday.exe"))
    assert (upload.suffix, upload.width, upload.height) == (suffix, 40, 20)
    assert reopened(upload).format == kind


def photo() -> bytes:
    exif = Image.Exif()
    exif[Base.Orientation] = 6  # the camera was held upright
    exif[Base.Model] = "Telltale 3000"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (52.0, 31.0, 12.0)
    return encoded("JPEG", exif=exif.tobytes(), comment=b"taken at home")


def test_a_photo_loses_its_place_and_camera_and_is_turned_upright() -> None:
    before = Image.open(io.BytesIO(photo()))
    assert before.getexif().get_ifd(IFD.GPSInfo)
    upload = images.read_upload(uploaded(photo(), "a.jpg"))
    after = reopened(upload)
    assert after.size == (upload.width, upload.height) == (20, 40)
    assert not after.getexif()
    assert not after.getexif().get_ifd(IFD.GPSInfo)
    for trace in (b"Telltale", b"Exif", b"taken at home"):
        assert trace not in upload.content


def test_texts_hidden_in_a_picture_are_gone() -> None:
    note = PngInfo()
    note.add_text("Comment", "<script>alert(1)</script>")
    note.add_itxt("XML:com.adobe.xmp", "<x:GPSLatitude>52</x:GPSLatitude>")
    upload = images.read_upload(uploaded(encoded(pnginfo=note) + b"<?php evil() ?><script>x</script>"))
    for trace in (b"script", b"GPSLatitude", b"php"):
        assert trace not in upload.content


@pytest.mark.parametrize(
    ("kind", "mode", "stored"),
    [
        ("JPEG", "CMYK", "RGB"),
        ("PNG", "P", "RGB"),
        ("PNG", "1", "RGB"),
        ("PNG", "L", "L"),
        ("PNG", "RGBA", "RGBA"),
        ("WEBP", "RGBA", "RGBA"),
    ],
)
def test_every_kind_of_colour_is_stored_in_one_that_browsers_show(kind: str, mode: str, stored: str) -> None:
    assert reopened(images.read_upload(uploaded(encoded(kind, mode)))).mode == stored


@pytest.mark.parametrize(
    ("mode", "options"),
    [
        ("RGBA", {}),
        ("LA", {}),
        ("P", {"transparency": 0}),
        ("L", {"transparency": 0}),
        ("RGB", {"transparency": (0, 0, 0)}),
    ],
)
def test_what_is_see_through_stays_see_through(mode: str, options: dict[str, Any]) -> None:
    upload = images.read_upload(uploaded(encoded("PNG", mode, **options)))
    assert reopened(upload).convert("RGBA").getchannel("A").getextrema() == (0, 0)


def test_a_phones_photo_with_a_second_picture_in_it_is_taken() -> None:
    # Many phones store a depth map or a small copy beside the photo: Pillow calls such a JPEG "MPO".
    out = io.BytesIO()
    first, second = Image.new("RGB", (40, 20)), Image.new("RGB", (8, 4))
    first.save(out, "MPO", save_all=True, append_images=[second])
    upload = images.read_upload(uploaded(out.getvalue(), "IMG_0001.jpg"))
    assert (upload.suffix, upload.width, upload.height) == ("jpg", 40, 20)
    assert reopened(upload).format == "JPEG"


NOT_PICTURES = {
    "text": b"Dear editor, this is not a picture.",
    "nothing": b"",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": b"<html><script>alert(1)</script></html>",
    "gif": encoded("GIF"),
    "tiff": encoded("TIFF"),
    "bmp": encoded("BMP"),
    "cut off": encoded("JPEG", size=(400, 200))[:-200],
    "cut off in the head": encoded("PNG")[:30],
}


@pytest.mark.parametrize("kind", NOT_PICTURES)
def test_what_is_no_picture_is_refused_with_a_sentence(kind: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(images.NOT_A_PICTURE)):
        images.read_upload(uploaded(NOT_PICTURES[kind]))


def test_too_large_a_file_is_refused_before_it_is_read() -> None:
    file = uploaded(b"x")
    file.size = limits.IMAGE_MAX_MEGABYTES * 2**20 + 1
    with pytest.raises(ValidationError, match="larger than 12 MB"):
        images.read_upload(file)


def test_too_many_pixels_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "IMAGE_MAX_MEGAPIXELS", 1)
    with pytest.raises(ValidationError, match="more than 1 million pixels"):
        images.read_upload(uploaded(encoded("PNG", "1", (1_001, 1_000))))
    assert images.read_upload(uploaded(encoded("PNG", "1", (1_000, 1_000)))).width == 1_000


@pytest.mark.parametrize("side", [10_000, 20_000])
def test_a_small_file_that_unpacks_to_gigabytes_is_refused(side: int) -> None:
    bomb = bytearray(encoded("PNG", "1", (8, 8)))
    bomb[16:24] = side.to_bytes(4, "big") * 2  # what the head says is all that may be looked at
    bomb[29:33] = zlib.crc32(bytes(bomb[12:29])).to_bytes(4, "big")
    with pytest.raises(ValidationError, match="more than 50 million pixels"):
        images.read_upload(uploaded(bytes(bomb)))


@STEADY
@given(
    st.sampled_from([photo(), encoded("PNG", "P", transparency=0), encoded("WEBP")]),
    st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), max_size=12),
    st.integers(0, 2_000),
)
def test_a_damaged_file_is_taken_or_refused_but_is_never_our_failure(
    content: bytes, damage: list[tuple[int, int]], cut: int
) -> None:
    broken = bytearray(content)
    for place, value in damage:
        broken[place % len(broken)] = value
    # Any other error would reach the editor as "the fault is ours".
    with suppress(ValidationError):
        upload = images.read_upload(uploaded(bytes(broken[: max(1, len(broken) - cut)])))
        assert reopened(upload).size == (upload.width, upload.height)


@pytest.mark.django_db
def test_an_editor_uploads_a_picture(desk: Client, media: Path) -> None:
    assert desk.post(ADD, form(photo(), caption="Warm.")).status_code == 302
    picture = Picture.objects.get()
    assert (picture.width, picture.height, picture.renditions_at) == (20, 40, None)
    name = str(picture.file.name)
    assert name.startswith("pictures/2026/")
    assert b"Telltale" not in (media / name).read_bytes()
    task = DBTaskResult.objects.get()
    assert (task.task_path, task.args_kwargs["args"]) == (images.make_renditions.module_path, [picture.pk])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"alt": ""}, "Describe the picture, or tick “decorative” and leave the description empty."),
        ({"alt": "A hand", "decorative": "on"}, "Describe the picture, or tick “decorative”"),
        ({"alt": "x" * 126}, "at most 125 characters"),
    ],
)
def test_a_picture_needs_words_or_has_to_be_decorative(
    desk: Client, fields: dict[str, str], sentence: str
) -> None:
    response = desk.post(ADD, form(encoded(), **fields))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not Picture.objects.exists()
    assert not DBTaskResult.objects.exists()


@pytest.mark.django_db
def test_a_decorative_picture_needs_no_words(desk: Client) -> None:
    assert desk.post(ADD, form(encoded(), alt="", decorative="on")).status_code == 302
    assert Picture.objects.get().decorative


@pytest.mark.django_db
@pytest.mark.parametrize("kind", NOT_PICTURES)
def test_a_refused_upload_is_said_in_the_form_and_nothing_is_stored(
    desk: Client, media: Path, kind: str
) -> None:
    response = desk.post(ADD, form(NOT_PICTURES[kind], alt="A hand, carefully described"))
    assert response.status_code == 200
    assert 'class="errorlist"' in response.content.decode()
    assert "A hand, carefully described" in response.content.decode()
    assert not Picture.objects.exists()
    assert not any(media.rglob("*.*"))


@pytest.mark.django_db
def test_new_words_keep_the_file_and_make_nothing_anew(desk: Client) -> None:
    desk.post(ADD, form(encoded()))
    picture = Picture.objects.get()
    post = make_article(main_image=picture)
    images.make_renditions.call(picture.pk)
    before = pages.version_of(f"article:{post.pk}")
    assert (
        desk.post(f"/admin/articles/picture/{picture.pk}/change/", form(alt="A warm hand")).status_code == 302
    )
    changed = Picture.objects.get()
    assert (changed.alt, changed.file.name) == ("A warm hand", picture.file.name)
    assert changed.renditions_at is not None
    assert DBTaskResult.objects.count() == 1
    assert pages.version_of(f"article:{post.pk}") > before


@pytest.mark.django_db
def test_a_new_file_gets_new_renditions(desk: Client) -> None:
    desk.post(ADD, form(encoded()))
    picture = Picture.objects.get()
    images.make_renditions.call(picture.pk)
    desk.post(f"/admin/articles/picture/{picture.pk}/change/", form(encoded(size=(60, 30))))
    changed = Picture.objects.get()
    assert (changed.width, changed.height, changed.renditions_at) == (60, 30, None)
    assert changed.file.name != picture.file.name
    assert DBTaskResult.objects.count() == 2


@pytest.mark.django_db
def test_the_worker_makes_two_smaller_ones_and_moves_the_stamps(desk: Client, media: Path) -> None:
    desk.post(ADD, form(encoded("JPEG", size=(2_000, 1_000))))
    picture = Picture.objects.get()
    post = make_article(main_image=picture)
    before = pages.version_of(f"article:{post.pk}")
    assert not (media / "renditions").exists()
    images.make_renditions.call(picture.pk)
    images.make_renditions.call(picture.pk)
    picture.refresh_from_db()
    assert picture.renditions_at == timezone.now()
    made = [Image.open(io.BytesIO(file.read_bytes())).size for file in media.rglob("*.webp")]
    assert sorted(made) == [(640, 320), (1_320, 660)]
    assert pages.version_of(f"article:{post.pk}") > before


@pytest.mark.django_db
def test_no_page_and_no_save_waits_for_a_rendition(client: Client, media: Path) -> None:
    strategy = ByTheWorker()
    strategy.on_source_saved(None)
    strategy.on_existence_required(None)
    # A page whose renditions were never made does not make them.
    post = make_article(main_image=make_picture(renditions_at=timezone.now()))
    assert client.get(post.get_absolute_url()).status_code == 200
    assert not any(media.rglob("*.webp"))


@pytest.mark.django_db
def test_renditions_of_a_picture_deleted_meanwhile_are_not_missed() -> None:
    images.make_renditions.call(999)
    assert not Picture.objects.exists()


@pytest.mark.django_db
def test_a_picture_that_a_post_uses_is_not_deleted(desk: Client) -> None:
    picture = make_picture()
    post = make_article(main_image=picture)
    with pytest.raises(ProtectedError):
        images.delete_pictures([picture])
    response = desk.post(f"/admin/articles/picture/{picture.pk}/delete/", {"post": "yes"})
    assert response.status_code in {200, 403}
    post.refresh_from_db()
    assert post.main_image == picture


@pytest.mark.django_db
def test_an_unused_picture_is_deleted_and_the_site_hears_of_it(desk: Client) -> None:
    picture = make_picture()
    before = pages.version_of("site")
    assert desk.post(f"/admin/articles/picture/{picture.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Picture.objects.exists()
    assert pages.version_of("site") > before


@pytest.mark.django_db
@pytest.mark.parametrize("post", [True, False])
def test_strangers_upload_nothing(client: Client, media: Path, post: bool) -> None:
    response = client.post(ADD, form(encoded())) if post else client.get(ADD)
    assert response.status_code == 302
    assert not Picture.objects.exists()
    assert not any(media.rglob("*.*"))


def serve(client: Client, media: Path, name: str, content: bytes = b"x") -> Any:
    (media / name).write_bytes(content)
    return client.get(f"/media/{name}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.png", "image/png"), ("a.jpg", "image/jpeg"), ("a.webp", "image/webp"), ("a.svg", "image/svg+xml")],
)
def test_pictures_are_served_for_good_and_cannot_run_anything(
    client: Client, media: Path, name: str, kind: str
) -> None:
    response = serve(client, media, name, b"abc")
    assert b"".join(response.streaming_content) == b"abc"
    assert response.headers["Content-Type"] == kind
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy


@pytest.mark.parametrize("name", ["a.html", "a.js", "a", "a.exe", "a.txt", "a.png.html"])
def test_nothing_but_pictures_is_served(client: Client, media: Path, db: None, name: str) -> None:
    assert serve(client, media, name).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["missing.png", "../secret.png", "%2e%2e/secret.png", "/etc/passwd.png", "folder.png"]
)
def test_nothing_outside_the_folder_is_served(client: Client, media: Path, path: str) -> None:
    (media.parent / "secret.png").write_bytes(b"secret")
    (media / "folder.png").mkdir()
    assert client.get(f"/media/{path}").status_code == 404
    (media.parent / "secret.png").unlink()
