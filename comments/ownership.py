"""Who wrote a comment, without accounts: one key per browser and article in a signed cookie, its hash in the row.

With the short code shown after sending, a writer can withdraw from any device.
"""

import hmac
import re
from base64 import b32encode

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from articles.models import Article
from fibroblog.private import OWNERSHIP_COOKIE as COOKIE
from fibroblog.visit import keyed_hashes

from .browser_keys import BrowserKey
from .models import Comment

_keys = BrowserKey(COOKIE, salt="comments.ownership", prefix="owner")
new_key, hash_of, key_in = _keys.new, _keys.hash_of, _keys.key_in


def remember(response: HttpResponseBase, article: Article, key: str, *, secure: bool) -> None:
    _keys.remember(response, key, path=reverse("article", args=[article.slug]), secure=secure)


def carry_over(request: HttpRequest, response: HttpResponseBase, article: Article) -> None:
    """The cookie came for a former address of the post, and is needed at that of today."""
    key = key_in(request)
    if key:
        remember(response, article, key, secure=request.is_secure())


def owns(request: HttpRequest, comment: Comment) -> bool:
    return bool(comment.owner) and hmac.compare_digest(comment.owner, hash_of(key_in(request)))


def code_of(comment: Comment) -> str:
    """The code to withdraw this comment, like ``k7m2p9qx4-f3h8-2kpd``. Nothing of it is stored."""
    return _codes_of(comment)[0]


def _codes_of(comment: Comment) -> list[str]:
    """Of today, and those noted down before the site's key was changed."""
    hashes = keyed_hashes("withdrawal-code", comment.public_id)
    proofs = [b32encode(bytes.fromhex(one)).decode().lower()[:8] for one in hashes]
    return [f"{comment.public_id}-{proof[:4]}-{proof[4:]}" for proof in proofs]


def comment_by_code(code: str) -> Comment | None:
    code = re.sub(r"[^a-z0-9]+", "-", "".join(code.lower().split())).strip("-")  # phones type long dashes
    comment = Comment.objects.select_related("article").filter(public_id=code.partition("-")[0]).first()
    typed = code.replace("-", "")
    if comment and any(hmac.compare_digest(one.replace("-", ""), typed) for one in _codes_of(comment)):
        return comment
    return None
