"""Words of people who sell something."""

from collections.abc import Iterator

import re2

from .folding import Text
from .verdicts import PASS, Submission, Verdict, nudge

_SELLING = re2.compile(
    r"(?:^| )(?:"
    r"(?:buy|order|get) (?:it |them |yours |one |yours? )?(?:now|here|today|from (?:us|me)|on my|at my|through my)"
    r"|(?:discount|promo|coupon|voucher|referral) codes?|use (?:my |the |our )?codes? [^ ]+"
    r"|(?:special|limited|exclusive) (?:time )?(?:offer|discount|price|deal)s?|best prices?|free (?:shipping|delivery|trial|consultation)"
    r"|\d+ (?:percent )?off (?:your|all|the first|any|today|everything|with)|money back(?: guarantee)?"
    r"|(?:dm|pm|inbox|whatsapp|text|message|contact|e ?mail) (?:me|us) (?:for|to (?:buy|order|get|learn)|if you (?:want|would like) to (?:buy|order|try))"
    r"|link (?:is )?in (?:my |the )?(?:bio|profile)|click (?:here|the link|on the link|below)|sign up (?:now|today|here)"
    r"|(?:visit|check out|see) (?:my|our) (?:web ?site|web ?page|shop|store|online shop|etsy|channel)"
    r"|(?:i|we) (?:sell|offer|ship|deliver)|(?:my|our) (?:products?|company|customers|clients|brand|e ?book|online course)"
    r"|(?:miracle|guaranteed|permanent|100 natural) (?:cure|remedy|results)|cures? (?:all )?(?:fibro|fibromyalgia)|cured my fibro(?:myalgia)? (?:in|within) \d+"
    r")(?: |$)"
)


def check(submission: Submission) -> Verdict:
    return nudge("nudge_sales") if any(any(passages(text)) for text in submission.readable) else PASS


def passages(text: Text) -> Iterator[str]:
    return (found.group() for found in _SELLING.finditer(text.folded))
