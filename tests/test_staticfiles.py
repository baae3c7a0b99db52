"""A page asks for one style sheet and one script: joined when files are collected, never out of date, and small."""

import gzip
import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from articles.models import Article
from fibroblog.staticfiles import JOINED, HashedFiles, joined

STATIC = Path(settings.BASE_DIR) / "static"


def ours(name: str) -> str:
    return joined(name, lambda name: (STATIC / name).read_text())


def join(**files: str) -> str:
    """The file that ``site`` becomes, of files named without their ending."""
    kind = "css" if "@import" in files["site"] else "js"
    return joined(f"x/site.{kind}", {f"x/{name}.{kind}": text for name, text in files.items()}.__getitem__)


def test_styles_stand_in_the_order_of_their_imports() -> None:
    site = '/* Says why. */\n@import "./one.css";\n@import "./two.css";\n'
    assert join(site=site, one="a {\n}\n", two="/* b */\nb {\n}\n") == "a {\n}\nb {\n}\n"


def test_scripts_share_what_is_exported_and_nothing_else() -> None:
    whole = join(
        site='import "./one.js";\nimport "./two.js";\n',
        one='// Why.\nimport { keep } from "./kept.js";\n\nconst form = keep(1);\n',
        two='import { keep } from "./kept.js";\n\nconst form = keep(2); // here\n',
        kept="export const keep = (value) => value;\n",
    )
    assert whole == (
        "const keep = (value) => value;\n{\nconst form = keep(1);\n}\n{\nconst form = keep(2); // here\n}\n"
    )


@pytest.mark.parametrize(
    "line",
    [
        'import x from "./one.js";',
        'import "../one.js";',
        'import "./one.js"',
        "export default 1;",
        "export { a };",
    ],
)
def test_what_cannot_be_joined_is_refused(line: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="cannot be joined"):
        join(site=f"{line}\n", one="a();\n")


def test_nothing_of_ours_is_left_out() -> None:
    """A style or script that no page asks for would be missed by nobody but its writer."""
    elsewhere = {"admin.css", "desk.css", "site.css", "site.js", "queue.js", "body-editor.js"}  # in the admin
    for kind in ("css", "js"):
        imported = set(
            re.findall(r'"\./([\w-]+\.\w+)"', "".join(f.read_text() for f in STATIC.glob(f"{kind}/*")))
        )
        assert {file.name for file in STATIC.glob(f"{kind}/*")} - elsewhere == imported


@pytest.mark.parametrize("name", JOINED)
def test_a_page_asks_for_few_bytes(name: str) -> None:
    whole = ours(name)
    early = (STATIC / "js/before-paint.js").read_text() if name.endswith("js") else ""
    assert len(gzip.compress(whole.encode())) + len(gzip.compress(early.encode())) <= 10_000


@pytest.mark.django_db
def test_a_post_asks_for_three_files_and_its_mark(client: Client, article: Article) -> None:
    text = client.get(article.get_absolute_url()).content.decode()
    asked = re.findall(r'<(?:script[^>]* src|link rel="(?:stylesheet|icon)" href)="([^"]+)"', text)
    assert [re.sub(r"\.[0-9a-f]{12}\.", ".", path) for path in asked] == [
        "/static/js/before-paint.js",
        "/static/css/site.css",
        "/static/js/site.js",
        "/static/img/favicon.svg",
    ]


def test_collecting_joins_anew_when_a_part_changed(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    for name, text in {"css/site.css": '@import "./a.css";\n', "css/a.css": "a {\n}\n"}.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text)
    names = set()
    for colour in ("red", "blue"):
        (source / "css/a.css").write_text(f"a {{\n  color: {colour};\n}}\n")
        shutil.copytree(source, target, dirs_exist_ok=True)  # as collectstatic does first
        storage = HashedFiles(location=str(target), base_url="/static/")
        parts = HashedFiles(location=str(source), base_url="/static/")
        paths = {name: (parts, name) for name in ("css/site.css", "css/a.css")}
        done = {name: hashed for name, hashed, _ in storage.post_process(paths) if hashed}
        name = storage.stored_name("css/site.css")
        assert name in done.values()
        assert (target / name).read_text() == (source / "css/a.css").read_text()
        names.add(name)
    assert len(names) == 2
