"""The reasons of the checks in plain words, for moderators and for writers."""

FOR_MODERATORS = {
    "trap": "The field that catches robots was filled in",
    "too_fast": "Sent {detail} seconds after the form was opened",
    "unsigned_form": "Not sent from the form on the page",
    "origin_unknown": "The browser did not say which page sent it",
    "links": "{detail} links",
    "same_text": "Same text as {detail}",
    "check_failed": "A check could not be carried out",
}

FOR_WRITERS = {
    "too_many_from_you": "Several comments came from your connection just now. Nothing is lost: your text is below. "
    "Please wait ten minutes, then send it again.",
    "too_many_in_all": "Very many comments are coming in at this moment. Nothing is lost: your text is below. "
    "Please try again in ten minutes.",
}


def for_moderators(reason: str, detail: str) -> str:
    return FOR_MODERATORS.get(reason, reason.replace("_", " ")).format(detail=detail)
