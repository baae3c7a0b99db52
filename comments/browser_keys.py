"""A random key that one browser keeps in a signed cookie below one path, so that it is known again without an account."""

import hashlib
import secrets
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponseBase

from fibroblog import limits


@dataclass(frozen=True)
class BrowserKey:
    cookie: str
    salt: str
    prefix: str  # of what is hashed: the same key would have another hash elsewhere

    def new(self) -> str:
        return secrets.token_hex(32)

    def hash_of(self, key: str) -> str:
        """What our rows hold instead of the key; empty for none."""
        return hashlib.sha256(f"{self.prefix}:{key}".encode()).hexdigest() if key else ""

    def key_in(self, request: HttpRequest) -> str:
        """The key that came with the request; a forged cookie counts as none."""
        try:
            return Signer(salt=self.salt).unsign(request.COOKIES[self.cookie])
        except (KeyError, BadSignature):
            return ""

    def remember(self, response: HttpResponseBase, key: str, *, path: str, secure: bool) -> None:
        response.set_cookie(
            self.cookie,
            Signer(salt=self.salt).sign(key),
            max_age=limits.OWNERSHIP_DAYS * 24 * 3600,
            path=path,
            httponly=True,
            samesite="Lax",
            secure=secure,
        )
