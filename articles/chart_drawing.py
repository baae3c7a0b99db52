"""Puts a chart on paper: rows in, geometry and SVG out. Pure, and the same bytes for the same chart.

Its units are pixels of a small phone, so that 16 is a size that can be read there. No styles here: article.css has them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from html import escape
from unicodedata import east_asian_width

from django.utils.safestring import SafeString, mark_safe

from .charts import Between, Chart, Row, Shape, Spread, number

WIDTH = 320
EDGE = 10  # keeps the marks at the ends of the scale inside
TEXT = 16
LINE = 21
STRIP = 22
DROP = 5  # from the foot of a line up to its letters
GAP = 10
MARK = 6
APART = 12  # between two texts on one line
WIDE = "MWmw@%—…±−+=<>≤≥←→"
NARROW = "iljtfrI.,:;'’|!()[] "


@dataclass(frozen=True)
class Word:
    x: float
    y: float
    text: str
    anchor: str = "start"
    kind: str = ""


@dataclass(frozen=True)
class Stroke:
    x1: float
    y1: float
    x2: float
    y2: float
    kind: str


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    shape: Shape


@dataclass(frozen=True)
class Scale:
    """Where a number stands. It holds zero, or the whole of the measure's own range."""

    low: Decimal
    high: Decimal
    ticks: tuple[Decimal, ...]

    def x(self, value: Decimal) -> float:
        return EDGE + float((value - self.low) / (self.high - self.low)) * (WIDTH - 2 * EDGE)


@dataclass(frozen=True)
class Drawing:
    height: float
    words: tuple[Word, ...]
    strokes: tuple[Stroke, ...]
    marks: tuple[Mark, ...]


def scale_of(numbers: Sequence[Decimal], range_of_measure: Between | None, *, both_sides: bool) -> Scale:
    """One scale for all of a chart's numbers. ``both_sides`` leaves room beyond zero for what is on neither."""
    if range_of_measure and range_of_measure.low <= min(numbers) and max(numbers) <= range_of_measure.high:
        low, high = range_of_measure.low, range_of_measure.high
        if low < high:
            inner = _ticks(low, high)
            return Scale(low, high, tuple(sorted({low, *inner, high})))
    low, high = min(Decimal(0), *numbers), max(Decimal(0), *numbers)
    if both_sides:
        reach = max(-low, high) / 4
        low, high = min(low, -reach), max(high, reach)
    if low == high:
        high = Decimal(1)
    step = _step(high - low)
    low, high = _whole(low, step, ROUND_FLOOR), _whole(high, step, ROUND_CEILING)
    return Scale(low, high, tuple(_ticks(low, high)))


def draw(chart: Chart) -> Drawing:
    rows = chart.rows
    numbers = [one for row in rows for one in row.numbers]
    scale = scale_of(numbers, chart.scale, both_sides=chart.sides is not None)
    words: list[Word] = []
    strokes: list[Stroke] = []
    marks: list[Mark] = []
    top = 0.0
    for row in rows:
        above = _words_of(row, top)
        words += above
        top = above[-1].y + DROP
        if row.numbers:
            middle = top + STRIP / 2
            strokes += _ground(scale, top, middle, "zero" if chart.sides else "base")
            strokes += _interval(row, scale, middle)
            if row.estimate is not None:
                marks.append(Mark(scale.x(row.estimate), middle, row.shape))
            top += STRIP
        top += 0 if row.is_heading and not row.printed else GAP
    foot, height = _foot(chart, scale, top)
    return Drawing(height, (*words, *foot), tuple(strokes), tuple(marks))


def svg(chart: Chart) -> SafeString:
    drawing = draw(chart)
    key = escape(chart.key)
    # Safe: every text is escaped here, everything else is a number or a word of this module.
    return mark_safe(
        f'<svg role="img" viewBox="0 0 {WIDTH} {_short(drawing.height)}" aria-labelledby="{key}-title {key}-says">'
        f'<title id="{key}-title">{escape(chart.title)}</title>'
        f'<desc id="{key}-says">{escape(chart.conclusion)} {chart.direction}</desc>'
        + "".join(map(_stroke, drawing.strokes))
        + "".join(map(_mark, drawing.marks))
        + "".join(map(_word, drawing.words))
        + "</svg>"
    )


def wrap(text: str, room: float) -> list[str]:
    """Lines that fit. A word longer than a line is broken, so nothing ever runs out of the drawing."""
    lines = [""]
    for word in text.split():
        for piece in _pieces(word, room):
            together = f"{lines[-1]} {piece}".strip()
            if width(together) <= room:
                lines[-1] = together
            else:
                lines.append(piece)
    return lines


def width(text: str) -> float:
    """A little more than the text takes in the widest of the fonts that the site asks for."""
    return sum(map(_letter, text))


def _letter(letter: str) -> float:
    if letter in NARROW:
        return 0.42 * TEXT
    if letter in WIDE or east_asian_width(letter) in "WFA":
        return 1.02 * TEXT
    return (0.76 if letter.isupper() else 0.65) * TEXT


def _pieces(word: str, room: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _words_of(row: Row, top: float) -> list[Word]:
    """The label at the left, what is printed of the numbers at the right, on one line where both fit."""
    if row.is_heading:
        heading = _lines(row.label, top, "group")
        return heading + _lines(", ".join(row.printed), heading[-1].y + DROP, "none")
    if not row.numbers:
        return _lines(f"{row.label}: {', '.join(row.printed)}", top, "none")
    words = _lines(row.label, top, "")
    y, taken = words[-1].y, width(words[-1].text)
    for place, part in enumerate(row.printed):
        for line in wrap(part, WIDTH):
            if not taken or taken + APART + width(line) > WIDTH:
                y += LINE
            words.append(Word(WIDTH, y, line, "end", "also" if place else ""))
            taken = 0
    return words


def _lines(text: str, top: float, kind: str) -> list[Word]:
    # Bold letters take a tenth more.
    lines = wrap(text, WIDTH / 1.1) if text else []
    return [Word(0, top + LINE * n - DROP, line, kind=kind) for n, line in enumerate(lines, 1)]


def _ground(scale: Scale, top: float, middle: float, zero: str) -> Iterable[Stroke]:
    yield Stroke(EDGE, middle, WIDTH - EDGE, middle, "ground")
    if scale.low <= 0 <= scale.high:
        yield Stroke(scale.x(Decimal(0)), top, scale.x(Decimal(0)), top + STRIP, zero)


def _interval(row: Row, scale: Scale, y: float) -> Iterable[Stroke]:
    if not row.interval:
        return
    low, high = scale.x(row.interval.low), scale.x(row.interval.high)
    yield Stroke(low, y, high, y, "interval")
    # Ends are drawn only where they mean something: a deviation has none.
    if row.interval.kind is not Spread.DEVIATION:
        for end in (low, high):
            yield Stroke(end, y - MARK, end, y + MARK, "interval")


def _foot(chart: Chart, scale: Scale, top: float) -> tuple[list[Word], float]:
    """The numbers of the scale, and in words what lies at its two ends."""
    y = top + LINE - DROP
    words = _labels(scale, y)
    if chart.sides:
        words.append(_centred(scale.x(Decimal(0)), y + LINE, "no difference"))
        left, right = chart.sides
        start = y + LINE
        half = WIDTH / 2 - APART / 2
        texts = ((f"← {left}", 0.0, "start"), (f"{right} →", float(WIDTH), "end"))
        ends = [start]
        for text, x, anchor in texts:
            lines = wrap(text, half)
            words += [Word(x, start + LINE * n, line, anchor) for n, line in enumerate(lines, 1)]
            ends.append(start + LINE * len(lines))
        return words, max(ends) + 6
    for line in wrap(chart.unit, WIDTH):
        y += LINE if line else 0
        words += [Word(WIDTH, y, line, "end")] if line else []
    return words, y + 6


def _labels(scale: Scale, y: float) -> list[Word]:
    """Zero and the ends first, then what still fits between."""
    zero = [tick for tick in scale.ticks if tick == 0]
    kept: list[tuple[float, float]] = []
    words = []
    for tick in dict.fromkeys([*zero, scale.low, scale.high, *scale.ticks]):
        word = _centred(scale.x(tick), y, number(Decimal(f"{tick.normalize():f}")))
        half = width(word.text) / 2 + APART / 2
        if all(word.x + half <= start or end <= word.x - half for start, end in kept):
            kept.append((word.x - half, word.x + half))
            words.append(word)
    return words


def _centred(x: float, y: float, text: str) -> Word:
    half = width(text) / 2
    return Word(min(max(x, half), WIDTH - half), y, text, "middle")


def _step(span: Decimal) -> Decimal:
    """1, 2 or 5 times a power of ten, so that four steps or a few more hold the span."""
    least = span / 4
    unit = Decimal(1).scaleb(least.adjusted())
    return next(unit * times for times in (1, 2, 5, 10) if unit * times >= least)


def _whole(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    return (value / step).to_integral_value(rounding) * step


def _ticks(low: Decimal, high: Decimal) -> list[Decimal]:
    step = _step(high - low)
    first, last = _whole(low, step, ROUND_CEILING), _whole(high, step, ROUND_FLOOR)
    return [first + step * n for n in range(int((last - first) / step) + 1)]


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _stroke(one: Stroke) -> str:
    x1, y1, x2, y2 = map(_short, (one.x1, one.y1, one.x2, one.y2))
    return f'<path class="{one.kind}" d="M{x1} {y1}L{x2} {y2}"/>'


def _mark(one: Mark) -> str:
    x, y = one.x, one.y
    if one.shape in (Shape.DISC, Shape.RING):
        return f'<circle class="{one.shape.value}" cx="{_short(x)}" cy="{_short(y)}" r="{MARK}"/>'
    corners = {
        Shape.SQUARE: [(-MARK, -MARK), (MARK, -MARK), (MARK, MARK), (-MARK, MARK)],
        Shape.DIAMOND: [(0, -MARK - 2), (MARK + 2, 0), (0, MARK + 2), (-MARK - 2, 0)],
    }[one.shape]
    path = "L".join(f"{_short(x + dx)} {_short(y + dy)}" for dx, dy in corners)
    return f'<path class="{one.shape.value}" d="M{path}Z"/>'


def _word(one: Word) -> str:
    kind = f' class="{one.kind}"' if one.kind else ""
    anchor = f' text-anchor="{one.anchor}"' if one.anchor != "start" else ""
    return f'<text{kind}{anchor} x="{_short(one.x)}" y="{_short(one.y)}">{escape(one.text)}</text>'
