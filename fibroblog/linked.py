"""Facts about a page for machines, as JSON-LD. No other way leads such a block onto a page."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString, mark_safe

# In a script element nothing is an entity: what could end it is written as JavaScript writes it, as Django's
# json_script does, which has no type of our choice. The last two end a line in old JavaScript.
ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


def block(thing: Mapping[str, Any]) -> SafeString:
    """A data block, which the content security policy need not allow: no browser runs it."""
    text = json.dumps({"@context": "https://schema.org", **thing}, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(f'<script type="application/ld+json">{text.translate(ESCAPES)}</script>')
