"""A doctor's or clinic's full name."""

from collections.abc import Iterator

import re2

from .folding import Text
from .verdicts import PASS, Submission, Verdict, nudge

_NAME = r"\p{Lu}[\p{L}'’-]*\.?"
_BETWEEN = r"(?: (?:van|von|de|der|den|la|le|al|bin|el))*"
_DOCTOR = re2.compile(rf"\b(?:Drs?\.?|DR\.?|dr\.?|Doctor|Doktor) {_NAME}(?:{_BETWEEN} {_NAME})+")
_PROFESSOR = re2.compile(rf"\b(?:Prof\.?|Professor)(?: Dr\.?)?(?: med\.?)?{_BETWEEN} {_NAME}")
_SAINT = re2.compile(
    r"\bSt\.? \p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)? (?i:clinic|hospital|surgery|infirmary)"
)
_CLINIC = re2.compile(
    rf"((?:{_NAME} )+)(?:Clinic|Hospital|Medical Cent(?:re|er)|Health Cent(?:re|er)|Medical Practice|Surgery|Infirmary"
    r"|Klinik|Klinikum|Pain Cent(?:re|er)|Health Clinic|Hospice)\b"
)
# Words with a capital that name no place; and two clinics that people quote as a book.
_NOBODY = frozenset(
    [
        "a",
        "an",
        "the",
        "my",
        "our",
        "your",
        "this",
        "that",
        "his",
        "her",
        "in",
        "at",
        "to",
        "from",
        "with",
        "and",
        "i",
        "he",
        "she",
        "we",
        "they",
        "no",
        "every",
        "some",
        "any",
        "each",
        "another",
        "local",
        "general",
        "private",
        "public",
        "university",
        "teaching",
        "day",
        "community",
        "city",
        "county",
        "district",
        "regional",
        "national",
        "nhs",
        "pain",
        "sleep",
        "fibro",
        "fibromyalgia",
        "rheumatology",
        "neurology",
        "physio",
        "physiotherapy",
        "gp",
        "specialist",
        "chronic",
        "long",
        "covid",
        "fatigue",
        "children's",
        "children’s",
        "women's",
        "mayo",
        "cleveland",
        "dr",
        "doctor",
        "prof",
        "professor",
    ]
)


def check(submission: Submission) -> Verdict:
    return nudge("nudge_doctor") if any(passages(submission.text)) else PASS


def passages(text: Text) -> Iterator[str]:
    for pattern in (_DOCTOR, _PROFESSOR, _SAINT):
        yield from (found.group() for found in pattern.finditer(text.typed))
    for found in _CLINIC.finditer(text.typed):
        if any(word.casefold().strip(".") not in _NOBODY for word in found.group(1).split()):
            yield found.group()
