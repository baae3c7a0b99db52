"""Static files under far-future names, usable also before they were collected.

Collecting also joins what `css/site.css` and `js/site.js` import, so that a page asks for one file of each kind.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

JOINED = ("css/site.css", "js/site.js")
IMPORT = re.compile(r'^(?:@import|import(?: \{[^}]*\} from)?) "\./([\w-]+\.(?:css|js))";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=const )", re.MULTILINE)
LEFT_OVER = re.compile(r"^\s*(?:@import|import|export)\b.*", re.MULTILINE)
COMMENT = {
    ".css": re.compile(r"[ \t]*/\*.*?\*/\n?", re.DOTALL),
    ".js": re.compile(r"^[ \t]*//.*\n", re.MULTILINE),
}


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Names carry the hash of the content; a file that was never collected keeps its plain name."""

    manifest_strict = False

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        try:
            hashed: str = super().hashed_name(name, content, filename)
        except ValueError:
            return name
        return hashed

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        def source(name: str) -> str:
            storage, path = paths[name]
            with storage.open(path) as file:
                return str(file.read().decode())

        for name in () if dry_run else [name for name in JOINED if name in paths]:
            whole = joined(name, source)
            self.delete(name)
            self._save(name, ContentFile(whole.encode()))
            paths = paths | {name: (self, name)}
        yield from super().post_process(paths, dry_run=dry_run, **options)


def joined(name: str, source: Callable[[str], str]) -> str:
    """The file with all that it imports, each once, in the order of need, without comments.

    ``source`` gives the text of a file by its name. A script that exports shares its names with those that import it;
    any other stands in a block of its own, so that two of them may use the same name. This knows no grammar: imports
    are whole lines that begin with "./", exports are constants. Raises ImproperlyConfigured for anything else.
    """
    parts: dict[str, str] = {}

    def take(name: str) -> None:
        if name in parts:
            return
        text = source(name)
        for imported in IMPORT.findall(text):
            take(posixpath.join(posixpath.dirname(name), imported))
        suffix = posixpath.splitext(name)[1]
        text = COMMENT[suffix].sub("", IMPORT.sub("", text)).strip()
        if suffix == ".js" and not EXPORT.search(text):
            text = f"{{\n{text}\n}}" if text else ""
        parts[name] = EXPORT.sub("", text)

    take(name)
    whole = "\n".join(filter(None, parts.values())) + "\n"
    if left := LEFT_OVER.search(whole):
        raise ImproperlyConfigured(f"{name} cannot be joined: {left[0].strip()}")
    return whole
