"""Why a comment was not published: what the moderator picks, and the sentence its writer reads."""

from django.db import models


class Reason(models.TextChoices):
    ADVICE = "advice", "Medical advice or dosing"
    PRIVATE = "private", "Private details of somebody"
    UNKIND = "unkind", "Unkind to somebody"
    ADVERT = "advert", "Advertising"
    OFF_TOPIC = "off_topic", "Not about this post"
    UNCLEAR = "unclear", "Cannot be understood"
    OTHER = "other", "Something else (say what)"
    # Given by the system, not offered to moderators.
    ROBOT = "robot", "The robot trap was filled in"
    WRITER = "writer", "Withdrawn by its writer"
    EDITED = "edited", "Changed by its writer"
    STAFF = "staff", "Written by the staff"
    TRUSTED = "trusted", "Their comments were approved before"
    RULE = "rule", "A rule says spam"
    AKISMET = "akismet", "Akismet says spam"
    EXPIRED = "expired", "Waited too long for a decision"


OFFERED = [
    Reason.ADVICE,
    Reason.PRIVATE,
    Reason.UNKIND,
    Reason.ADVERT,
    Reason.OFF_TOPIC,
    Reason.UNCLEAR,
    Reason.OTHER,
]

SENTENCES: dict[str, str] = {
    Reason.ADVICE: "It reads as advice on treatment or doses. Telling what helped you is welcome.",
    Reason.PRIVATE: "It names somebody or gives details that should stay private.",
    Reason.UNKIND: "Parts of it could hurt somebody who reads it.",
    Reason.ADVERT: "It advertises something.",
    Reason.OFF_TOPIC: "It is about something other than this post.",
    Reason.UNCLEAR: "We could not make out what was meant.",
    Reason.OTHER: "",
}
