"""Addresses that readers are sent to from a list of resources: https, in full, and nobody earns by the click. Pure."""

from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ValidationError

from fibroblog.safety import safe_link

# Names of the parts of an address by which shops and advertising networks pay for, or follow, who sent a reader.
# The list cannot be complete; it holds what sellers of books and health goods commonly use.
PAID = {
    "aff", "aff_id", "affid", "affiliate", "affiliate_id", "ascsubtag", "awc", "awinaffid", "campid", "clickref",
    "fbclid", "gclid", "irclickid", "irgwc", "linkcode", "msclkid", "partner", "ranmid", "ransiteid", "ref", "ref_",
    "refid", "referral", "siteid", "subid", "tag",
}  # fmt: skip
SHORTENERS = {
    "a.co", "amzn.eu", "amzn.to", "bit.ly", "buff.ly", "geni.us", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy",
    "t.co", "t.ly", "tidd.ly", "tinyurl.com",
}  # fmt: skip


def plain_link(typed: str) -> str:
    """The address as it may be shown; "" stays "". Raises ValidationError with a sentence for the editor."""
    if not typed.strip():
        return ""
    link = safe_link(typed)
    try:
        parts = urlsplit(link or "")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    if not link or parts.scheme != "https" or "." not in host:
        raise ValidationError("Give the full address, beginning with https://")
    if "@" in parts.netloc:
        raise ValidationError("The address holds a user name. Give the one that anybody can open.")
    if host in SHORTENERS:
        raise ValidationError("A shortened address hides where it leads. Give the full one.")
    for name, _ in parse_qsl(parts.query, keep_blank_values=True):
        if name.lower() in PAID or name.lower().startswith("utm_"):
            raise ValidationError(
                f"The address carries “{name}=”, by which somebody is paid or followed. Take that part out."
            )
    return link
