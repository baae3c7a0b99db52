"""The reasons of the checks in plain words, for moderators and for writers."""

import re

from .verdicts import Verdict

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")

# What follows "|" quotes the text or its writer: moderators read it on the card, and no mail holds it.
FOR_MODERATORS = {
    "trap": "The field that catches robots was filled in",
    "too_fast": "Sent {detail} seconds after the form was opened",
    "unsigned_form": "Not sent from the form on the page",
    "origin_unknown": "The browser did not say which page sent it",
    "links": "{detail} links",
    "same_text": "Same text as another comment|: {detail}",
    "check_failed": "A check could not be carried out",
    "at_risk": "Someone may be at risk|: it says something like “{detail}”",
    "read_with_care": "Please read with care: nobody wrote crisis rules for this language| ({detail})",
    "rule_hold": "A rule asks for a second look|: “{detail}”",
    "rule_spam": "A rule says spam|: “{detail}”",
    "nudge_rule": "A rule asked the writer to think again|: “{detail}”",
    "nudge_dosing": "Tells others what dose to take, it seems; the writer was asked about it",
    "nudge_sales": "Sounds like advertising; the writer was asked about it",
    "nudge_phone": "Holds a phone number; the writer was asked about it",
    "nudge_email": "Holds an email address; the writer was asked about it",
    "nudge_street": "Holds a street address; the writer was asked about it",
    "nudge_doctor": "Names a doctor or clinic in full; the writer was asked about it",
    "name_of_somebody": "The name belongs to a confirmed person, and this writer did not prove to be them",
    "declined_lately": "{detail} comments by this sender were declined or spam lately",
    "held_person": "A moderator decided that comments by this sender always wait",
    "refused_but_at_risk": "Its sender is blocked or asked to pause; it came in because someone may be at risk",
    "typed_address_of_somebody": "The email address belongs to a person about whom moderators decided something",
    "reads_like_spam": "Reads like earlier spam| ({detail})",
    "akismet_spam": "Akismet says spam",
    "akismet_unreachable": "Akismet could not be reached; it is asked again",
}

FOR_WRITERS = {
    "blocked": "The people who moderate here decided not to take comments or reports from you any more. If you think "
    "that this is a mistake, please write to us. Your text is below, so that you can keep it.",
    "paused": "The people who moderate here asked for a pause: you can write again after {day}. If you think that this "
    "is a mistake, please write to us. Your text is below, so that you can keep it.",
    "too_many_from_you": "Several comments came from your connection just now. Nothing is lost: your text is below. "
    "Please wait ten minutes, then send it again.",
    "too_many_near_you": "Many comments came from your provider’s network just now, most likely not from you. Nothing "
    "is lost: your text is below. Please wait ten minutes, then send it again.",
    "too_many_in_all": "Very many comments are coming in at this moment. Nothing is lost: your text is below. "
    "Please try again in ten minutes.",
    "nudge_dosing": "It reads as advice on how much to take. What is right for you can harm somebody else. "
    "You could tell it as your own story, like “My doctor and I settled on …”.",
    "nudge_sales": "It sounds a little like advertising. You could leave out the offer or the shop, and tell what it "
    "was like for you.",
    "nudge_phone": "There is a phone number in it. Everybody on the internet could read it. You could leave it out.",
    "nudge_email": "There is an email address in it. Everybody on the internet could read it, robots too. You could "
    "leave it out.",
    "nudge_street": "There is a street address in it. Everybody on the internet could read it. You could name the "
    "region instead, or nothing.",
    "nudge_doctor": "It names a doctor or a clinic in full. They cannot answer here, and the name may tell where you "
    "live. You could write “my rheumatologist” or “a clinic near me”.",
    "nudge_rule": "One of the people who run this blog asks everybody to think twice about words like these.",
}


def for_moderators(reason: str, detail: str) -> str:
    return _sentence(reason).replace("|", "").format(detail=detail)


def for_mail(reason: str, detail: str) -> str:
    """The same without what it quotes: also the words that a rule looks for are the writer's own. Of the details only a
    number comes through, whatever a check puts there."""
    number = detail if _NUMBER.fullmatch(detail) else "some"
    return _sentence(reason).partition("|")[0].format(detail=number)


def _sentence(reason: str) -> str:
    return FOR_MODERATORS.get(reason, reason.replace("_", " "))


def for_writers(verdict: Verdict) -> str:
    return verdict.says or FOR_WRITERS[verdict.reason]
