"""Pictures: taken in safely, re-encoded without what cameras add, made smaller by the worker."""

import io
import re
import warnings
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model, ProtectedError, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.html import escape
from django_tasks import task
from PIL import Image, ImageOps, UnidentifiedImageError

from fibroblog import limits, pages
from fibroblog.safety import make_plain

from .models import Article, Picture

SUFFIX = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
NOT_A_PICTURE = "This file is not a picture that we can read. Please use JPEG, PNG or WebP."


@dataclass(frozen=True)
class Upload:
    """A picture as it will be stored: re-encoded bytes and its size in pixels."""

    content: bytes
    suffix: str
    width: int
    height: int


def read_upload(file: UploadedFile[bytes]) -> Upload:
    """Decode and encode anew: turned upright, without GPS or scripts hidden in the file.

    Raises ValidationError with a sentence for the editor.
    """
    if (file.size or 0) > limits.IMAGE_MAX_MEGABYTES * 2**20:
        raise ValidationError(
            f"The picture is larger than {limits.IMAGE_MAX_MEGABYTES} MB. Save it smaller first."
        )
    try:
        with warnings.catch_warnings():
            # Pillow only warns of pictures that unpack to gigabytes.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=list(SUFFIX)) as picture:
                if picture.width * picture.height > limits.IMAGE_MAX_MEGAPIXELS * 1_000_000:
                    raise ValidationError(
                        f"The picture has more than {limits.IMAGE_MAX_MEGAPIXELS} million pixels."
                    )
                # Phones store a depth map or a small copy beside the photo; Pillow calls such a JPEG "MPO".
                kind = "JPEG" if picture.format == "MPO" else picture.format or ""
                picture.load()
                upright = ImageOps.exif_transpose(picture)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise ValidationError(
            f"The picture has more than {limits.IMAGE_MAX_MEGAPIXELS} million pixels."
        ) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise ValidationError(NOT_A_PICTURE) from None
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
    elif upright.mode not in {"RGB", "L"}:
        upright = upright.convert("RGB")
    upright.info.clear()
    out = io.BytesIO()
    upright.save(out, kind, **({"quality": 88} if kind != "PNG" else {"optimize": True}))
    return Upload(out.getvalue(), SUFFIX[kind], upright.width, upright.height)


@transaction.atomic
def save_picture(picture: Picture, *, upload: Upload | None = None) -> Picture:
    """Store a picture's words, and its file when there is a new one; renditions follow in the background."""
    if upload is not None:
        picture.width, picture.height, picture.renditions_at = upload.width, upload.height, None
        picture.file.save(f"{get_random_string(16)}.{upload.suffix}", ContentFile(upload.content), save=False)
    make_plain(picture, "alt", "caption", "credit")
    picture.save()
    if upload is not None:
        make_renditions.enqueue(picture.pk)
    _moved(picture)
    return picture


def complete(html: str) -> str:
    """A sanitised body in which each of our pictures has its size, so that nothing jumps while it loads, and its
    description where the editor left that empty."""
    names = re.findall(r'<img src="/media/([^"]+)"', html)
    ours = {picture.file.name: picture for picture in Picture.objects.filter(file__in=names)}

    def filled(found: re.Match[str]) -> str:
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', found[1]))
        picture = ours.get(attributes.get("src", "").removeprefix("/media/"))
        if picture is not None:
            attributes["alt"] = attributes.get("alt") or escape(picture.alt)
            attributes |= {"width": str(picture.width), "height": str(picture.height)}
        kept = [
            f'{name}="{attributes[name]}"' for name in ("src", "alt", "width", "height") if name in attributes
        ]
        return f"<img {' '.join(kept)}>"

    return re.sub(r"<img ([^>]*)>", filled, html)


def has_undescribed(html: str) -> bool:
    """Whether the body holds a picture that says nothing to people who do not see it."""
    silent = [tag for tag in re.findall(r"<img [^>]*>", html) if not re.search(r'alt="[^"]', tag)]
    names = [name for tag in silent for name in re.findall(r'src="/media/([^"]+)"', tag)]
    return len(silent) > Picture.objects.filter(file__in=names, decorative=True).count()


def users_of(picture: Picture) -> QuerySet[Article]:
    """The posts that show a picture, above or within their text."""
    return Article.objects.filter(Q(main_image=picture) | Q(body__contains=f'"{picture.file.url}"'))


@transaction.atomic
def delete_pictures(pictures: Any) -> None:
    """Raises ProtectedError while a post still shows one of them."""
    for picture in pictures:
        users: set[Model] = set(users_of(picture))
        if users:
            raise ProtectedError("A post still shows this picture.", users)
        files = [
            picture.file.name,
            *(rendition.name for rendition in (picture.small, picture.large) if picture.renditions_at),
        ]
        _moved(picture)
        picture.delete()
        for name in files:
            # Only when the row is really gone: a file without a row can be removed, a row without a file is a hole.
            transaction.on_commit(partial(default_storage.delete, name))


@task()
def make_renditions(picture_id: int) -> None:
    picture = Picture.objects.filter(pk=picture_id).first()
    if picture is None:
        return
    for rendition in (picture.small, picture.large):
        rendition.generate()
    with transaction.atomic():
        Picture.objects.filter(pk=picture.pk).update(renditions_at=timezone.now())
        _moved(picture)


def _moved(picture: Picture) -> None:
    posts = list(users_of(picture).values_list("pk", flat=True))
    pages.changed(articles=posts, site=True)
