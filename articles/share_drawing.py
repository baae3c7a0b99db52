"""Draws the picture that others show for a link to a post: paper, ink, the mark, and the post's own words.

Pure: words in, a PNG out. Takes a tenth of a second, so only the worker calls it.
"""

import io
import re
from functools import cache
from importlib.resources import files
from itertools import pairwise
from unicodedata import normalize

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)  # what sites that show cards ask for
MARGIN = 90
TOP, FOOT = 172, SIZE[1] - 56  # between them stand the words
GAP = 34  # between title and finding
TITLES = (84, 76, 68, 62, 56, 50, 44, 40)  # pixels; the largest that fits
SHARE, LEAST = 0.54, 28  # of the title's size: the finding's; and its least, for small screens
LEADING = 1.24
# Tokens of the light theme: whoever sees a card has not chosen one.
PAPER, SHADE, INK, MUTED, ACCENT = "#faf7f2", "#f2ecf3", "#2c2733", "#5a5463", "#5a3a94"
FONT = files("fontpkg_literata") / "files" / "Literata[opsz,wght].ttf"
REGULAR, SEMIBOLD = 400, 600
Point = tuple[float, float]
Lines = list[str]


def draw(title: str, finding: str, site: str) -> bytes | None:
    """The card as a PNG; None where the font lacks a letter of the title. Of finding and site name, only what can be
    written is: no box ever stands for a letter."""
    title, finding, site = (normalize("NFC", words) for words in (title, finding, site))
    if not title or not writable(title):
        return None
    card = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(card)
    _stamp(card, side=520, at=(SIZE[0] - 330, SIZE[1] - 360), colour=SHADE)
    _stamp(card, side=64, at=(MARGIN - 6, 66), colour=ACCENT)
    if writable(site):
        pen.text((MARGIN + 76, 98), site, ACCENT, _font(34, SEMIBOLD), anchor="lm")
    size, headline, rest = _set(title, finding if writable(finding) else "")
    y = _write(pen, headline, TOP, _font(size, SEMIBOLD), INK)
    _write(pen, rest, y + GAP, _font(_smaller(size), REGULAR), MUTED)
    out = io.BytesIO()
    # Sixty-four colours show no step between ink and paper, and halve the file.
    card.quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def draw_site() -> bytes:
    """The card without words, for pages that have none of their own: `static/img/card.png`."""
    card = Image.new("RGB", SIZE, PAPER)
    _stamp(card, side=360, at=((SIZE[0] - 360) // 2, (SIZE[1] - 360) // 2), colour=ACCENT)
    out = io.BytesIO()
    card.quantize(32, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def writable(words: str) -> bool:
    """Whether the font has all these letters."""
    font = _font(TITLES[-1], REGULAR)
    absent = _shape(font, "\uffff")
    return all(sign.isspace() or _shape(font, sign) != absent for sign in set(words))


def wrap(words: str, font: ImageFont.FreeTypeFont, width: float) -> Lines:
    """Lines that fit; a word that is longer than a line is broken."""
    lines: Lines = []
    for word in words.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
            continue
        while font.getlength(word) > width:
            cut = next(at for at in range(len(word), 0, -1) if at == 1 or font.getlength(word[:at]) <= width)
            lines.append(word[:cut])
            word = word[cut:]
        if word:
            lines.append(word)
    return lines


def _set(title: str, finding: str) -> tuple[int, Lines, Lines]:
    """The largest size in which title and finding fit between top and foot, and their lines."""
    width = SIZE[0] - 2 * MARGIN
    for size in TITLES:
        headline = wrap(title, _font(size, SEMIBOLD), width)
        rest = wrap(finding, _font(_smaller(size), REGULAR), width)
        height = LEADING * (size * len(headline) + _smaller(size) * len(rest)) + GAP
        if TOP + height <= FOOT:
            return size, headline, rest
    return size, headline, []


def _smaller(size: int) -> int:
    return max(LEAST, round(size * SHARE))


def _write(pen: ImageDraw.ImageDraw, lines: Lines, y: float, font: ImageFont.FreeTypeFont, ink: str) -> float:
    """Returns where the next line would stand."""
    for line in lines:
        pen.text((MARGIN, y), line, ink, font)
        y += font.size * LEADING
    return y


@cache
def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(FONT), size)
    font.set_variation_by_axes([min(size, 72), weight])  # its own cut for large letters
    return font


def _shape(font: ImageFont.FreeTypeFont, sign: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(sign)
    return mask.size, bytes(mask)


# The mark: one drawing for all of the site, in static/img/mark.svg ----------------------------------

STEP = re.compile(r"([MCHVZ])([^MCHVZ]*)")
NUMBER = re.compile(r"-?\d*\.?\d+")
SMOOTH = 24  # straight pieces a curve
FINE = 3  # drawn so many times larger and made smaller, for smooth edges


@cache
def _outlines() -> tuple[list[list[Point]], list[list[Point]]]:
    """The mark's filled shapes and its strokes, in its own units of 24 a side."""
    drawing = (settings.BASE_DIR / "static" / "img" / "mark.svg").read_text()
    filled, stroked = re.findall(r'<path d="([^"]+)"', drawing)
    return _flat(filled), _flat(stroked)


def _flat(path: str) -> list[list[Point]]:
    """The curves of an SVG path as points; knows the five absolute steps that the mark is drawn with."""
    shapes: list[list[Point]] = []
    for kind, rest in STEP.findall(path):
        numbers = [float(number) for number in NUMBER.findall(rest)]
        if kind == "M":
            shapes.append([(numbers[0], numbers[1])])
        elif kind == "H":
            shapes[-1].append((numbers[0], shapes[-1][-1][1]))
        elif kind == "V":
            shapes[-1].append((shapes[-1][-1][0], numbers[0]))
        for at in range(0, len(numbers) if kind == "C" else 0, 6):
            shapes[-1] += _curve(shapes[-1][-1], numbers[at : at + 6])
    return shapes


def _curve(start: Point, numbers: list[float]) -> list[Point]:
    ends = [start, *zip(numbers[::2], numbers[1::2], strict=True)]
    points = []
    for piece in range(1, SMOOTH + 1):
        t = piece / SMOOTH
        shares = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        points.append(
            (
                sum(s * x for s, (x, _) in zip(shares, ends, strict=True)),
                sum(s * y for s, (_, y) in zip(shares, ends, strict=True)),
            )
        )
    return points


def _stamp(card: Image.Image, *, side: int, at: tuple[int, int], colour: str) -> None:
    """Put the mark on the card; what goes over its edge is cut off."""
    card.paste(colour, at, _mask(side))


@cache
def _mask(side: int) -> Image.Image:
    scale = side * FINE / 24
    mask = Image.new("L", (side * FINE, side * FINE))
    pen = ImageDraw.Draw(mask)
    filled, stroked = _outlines()
    for shape in filled:
        pen.polygon([(x * scale, y * scale) for x, y in shape], fill=255)
    half = 0.55 * scale  # the mark's own stroke is 1.1 units wide
    for shape in stroked:
        points = [(x * scale, y * scale) for x, y in shape]
        for one, other in pairwise(points):
            pen.line([one, other], fill=255, width=round(2 * half))
        for x, y in points:
            pen.ellipse((x - half, y - half, x + half, y + half), fill=255)
    return mask.resize((side, side), Image.Resampling.LANCZOS)
