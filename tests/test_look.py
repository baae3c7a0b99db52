"""Every theme can be read: contrasts computed from the tokens with the formula of WCAG 2.2."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

from fibroblog.reading import SIZES, SPACINGS, THEMES

CSS = Path(settings.BASE_DIR) / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text()
COLOURED = [theme for theme in THEMES if theme != "device"]
GROUNDS = ["paper", "raised"]


def declared(block: str) -> dict[str, str]:
    return {name: value.strip() for name, value in re.findall(r"([a-z-]+):([^;]+);", block)}


def block_of(selector: str) -> str:
    found = re.search(re.escape(selector) + r"\s*{([^}]*)}", TOKENS)
    assert found, f"tokens.css has no block for {selector}"
    return found[1]


def colours_of(theme: str) -> dict[str, str]:
    return {
        name.removeprefix("--"): value
        for name, value in declared(block_of(f'[data-theme="{theme}"]')).items()
        if re.fullmatch(r"#[0-9a-f]{6}", value)
    }


def luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_is_the_standards() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#ffffff") == 1
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", COLOURED)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize(
    ("colour", "least"), [("ink", 7), ("muted", 4.5), ("accent", 4.5), ("error", 4.5), ("border", 3)]
)
def test_words_and_edges_stand_out_from_every_ground(
    theme: str, ground: str, colour: str, least: float
) -> None:
    colours = colours_of(theme)
    assert contrast(colours[colour], colours[ground]) >= least


@pytest.mark.parametrize("theme", COLOURED)
def test_words_on_buttons_can_be_read(theme: str) -> None:
    colours = colours_of(theme)
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5


@pytest.mark.parametrize("theme", COLOURED)
def test_no_theme_glares(theme: str) -> None:
    # Light-sensitive eyes: neither pure white nor pure black anywhere.
    assert not {"#ffffff", "#000000"} & set(colours_of(theme).values())


def test_every_theme_has_every_colour() -> None:
    names = {theme: set(colours_of(theme)) for theme in COLOURED}
    assert all(found == names["light"] for found in names.values()), names


@pytest.mark.parametrize("theme", COLOURED)
def test_who_asks_for_more_contrast_gets_one_ink_for_words_and_lines(theme: str) -> None:
    more = TOKENS[TOKENS.index("@media (prefers-contrast: more)") :]
    found = re.findall(r":root\[data-theme(?:=\"([a-z]+)\")?\] {([^}]*)}", more)
    colours = colours_of(theme)
    for of, block in found:
        colours |= {
            name.removeprefix("--"): value for name, value in declared(block).items() if of in ("", theme)
        }
    assert colours["muted"] == colours["border"] == colours["hairline"] == "var(--ink)"
    assert colours["raised"] == "var(--paper)"
    assert contrast(colours["ink"], colours["paper"]) >= 10
    for colour in ("accent", "error"):
        assert contrast(colours[colour], colours["paper"]) >= 7, colour


def test_a_device_in_the_dark_gets_the_dark_theme() -> None:
    device = block_of(':root:not([data-theme]),\n  [data-theme="device"]')
    assert declared(device) == declared(block_of('[data-theme="dark"]'))


def test_a_device_in_the_light_gets_the_light_theme() -> None:
    assert ':root,\n[data-theme="light"] {' in TOKENS


def test_every_size_and_spacing_that_can_be_chosen_does_something() -> None:
    for size in SIZES:
        assert size == "normal" or f'[data-size="{size}"]' in TOKENS
    for spacing in SPACINGS:
        assert spacing == "normal" or f'[data-spacing="{spacing}"]' in TOKENS


@pytest.mark.parametrize("file", sorted(CSS.glob("*.css")), ids=lambda file: file.name)
def test_no_style_asks_another_site_or_names_a_token_that_is_not_there(file: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)
    if file.name != "site.css":  # joined of its neighbours when it is collected
        assert "@import" not in text
    assert not re.search(r"url\(\s*['\"]?(?:https?:)?//", text)
    known = set(re.findall(r"(--[a-z-]+):", TOKENS + text))
    assert set(re.findall(r"var\((--[a-z-]+)\)", text)) <= known


def test_a_file_that_was_never_collected_keeps_its_plain_name() -> None:
    assert staticfiles_storage.url("css/nowhere.css") == "/static/css/nowhere.css"
