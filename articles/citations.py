"""How a study is named: its numbers brought into form and checked, and its line in a list of sources.

Pure text in, text out; who calls it decides what is stored.
"""

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.utils import timezone

if TYPE_CHECKING:
    from .models import Study

DOI_HOME = "https://doi.org/"
PUBMED = "https://pubmed.ncbi.nlm.nih.gov/"
# The form that Crossref recommends to match by, and no control characters or spaces.
DOI = re.compile(r"10\.\d{4,9}/[!-~]{1,180}")
BEFORE_A_DOI = re.compile(r"(?:https?://)?(?:dx\.)?doi\.org/|doi:", re.IGNORECASE)
BEFORE_A_PMID = re.compile(
    r"https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/|pmid:?", re.IGNORECASE
)
# The registers that trials are announced in, by the form of their numbers; the last is any other one.
REGISTRY = re.compile(
    r"NCT\d{8}|ISRCTN\d{8}|EUCTR\d{4}-\d{6}-\d{2}(?:-[A-Z]{2,3})?|\d{4}-\d{6}-\d{2}(?:-\d{2})?|ACTRN\d{14}"
    r"|DRKS\d{8}|ChiCTR[\w-]{4,20}|CTRI/\d{4}/\d{2,3}/\d{6}|IRCT\w{8,20}|JPRN-\w{4,20}|UMIN\d{9}|jRCTs?\d{6,12}"
    r"|KCT\d{7}|NTR\d{1,5}|NL\d{1,6}|PACTR\d{15,16}|RBR-\w{4,10}|RPCEC\d{8}|SLCTR/\d{4}/\d{3}|TCTR\d{11}"
    r"|CRD\d{5,15}"
)
P = re.compile(r"(?P<sign>[<>=≤≥])? ?0?(?P<digits>\.\d{1,6})|(?P<whole>= ?)?1(?:\.0+)?")
AUTHORS_NAMED = 6  # then "et al."


def plain_doi(typed: str) -> str:
    """Without “https://doi.org/” or “doi:” before it, and in small letters: upper and lower case name the same work."""
    return BEFORE_A_DOI.sub("", "".join(typed.split()), count=1).lower()


def plain_pmid(typed: str) -> str:
    return BEFORE_A_PMID.sub("", "".join(typed.split()), count=1).strip("/").lstrip("0")


def plain_p(typed: str) -> str:
    """“p<.05” becomes “< 0.05”, a bare number “= 0.05”; what is no P stays as it is, for the check to refuse."""
    text = re.sub(r"^[Pp] ?", "", typed.strip()).strip()
    found = P.fullmatch(text)
    if found is None:
        return text
    return f"{found['sign'] or '='} 0{found['digits']}" if found["digits"] else "= 1"


def check_doi(text: str) -> None:
    if not DOI.fullmatch(text) or text.count("..") or any(mark in text for mark in '"\\^`{|}'):
        raise ValidationError("A DOI looks like 10.1177/0269215511399476. Copy it from the paper's page.")


def check_pmid(text: str) -> None:
    if not re.fullmatch(r"[1-9]\d{0,8}", text):
        raise ValidationError("A PubMed number has one to nine digits and nothing else.")


def check_registry(text: str) -> None:
    if not REGISTRY.fullmatch(text):
        raise ValidationError("That is no number of a trial register we know, such as NCT01234567.")


def check_year(year: int) -> None:
    if not 1800 <= year <= timezone.now().year + 1:
        raise ValidationError("That year cannot be right. Give the year of publication in four digits.")


def check_p(text: str) -> None:
    if not P.fullmatch(text):
        raise ValidationError("Write P as the paper does: < 0.05, or = 0.032.")


def doi_link(doi: str) -> str:
    return DOI_HOME + quote(doi, safe="/()!$&'*+,;=:@-._~")


def link_to(study: "Study") -> str:
    """To the DOI's home, else to PubMed, else to the address that was typed."""
    if study.doi:
        return doi_link(study.doi)
    return f"{PUBMED}{study.pmid}/" if study.pmid else study.url


def who(study: "Study") -> str:
    names = [name.strip() for name in study.authors.split(",") if name.strip()]
    return _sentence(", ".join(names[:AUTHORS_NAMED]) + (", et al" if len(names) > AUTHORS_NAMED else ""))


def where(study: "Study") -> str:
    """Journal, year, volume, issue and pages, as far as they are known."""
    number = study.volume + (f"({study.issue})" if study.issue else "")
    place = ":".join(part for part in (number, study.pages) if part)
    when = ";".join(part for part in (str(study.year or ""), place) if part)
    return " ".join(_sentence(part) for part in (study.journal, when) if part)


def cite(study: "Study") -> str:
    """One line in the manner of medical journals: who, what, where, when. Leaves out what is not known."""
    return " ".join(part for part in (who(study), _sentence(study.title), where(study)) if part)


def _sentence(text: str) -> str:
    return text if not text or text.endswith(("?", "!", ".")) else f"{text}."
