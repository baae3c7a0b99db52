"""What a visitor had typed into a form, so that it can be given back to them. It is never stored from here."""

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

# Never written into a page again, whatever went wrong.
SECRETS = ("password", "token", "code", "secret")
OURS = {
    "do",
    "seen",
    "back",
    "signature",
    "parent",
    "seconds",
    "website",
    "next",
    "sure",
    "send",
    "nudged",
    "again",
    "looked",
}


def typed_text(request: HttpRequest) -> dict[str, str]:
    """What the visitor had typed, by field, so that an error page can give it back."""
    try:
        fields = request.POST.items() if request.method == "POST" else []
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return {}  # what cannot be read cannot be given back
    typed = {name: str(value) for name, value in fields if not any(part in name for part in SECRETS)}
    return {name: value for name, value in typed.items() if value.strip() and name not in OURS}
