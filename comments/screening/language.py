"""In which language a text is, by its small words: where nobody wrote crisis rules for it, a person reads with care."""

import re

from .folding import fold
from .verdicts import PASS, Submission, Verdict, hold

REASON = "read_with_care"
FEW_WORDS = 6  # with fewer, only another script says anything
MANY_WORDS = 12  # with so many, a text without any known small word is in a language that we do not know

# Common words that no other list holds, or few.
SMALL_WORDS = {
    "en": "the and i you my is it of to that this was for with have not but are so what they me be had has am im its "
    "been just can when who your very our would there about all from how don't thank thanks we he she her his if or",
    "de": "der die das und ich nicht ist ein eine mit auf für es zu auch mir mich habe bin wie aber war sich den dem "
    "wir noch schon nur mehr kann wenn sehr mein meine hat sind bei nach immer danke ihr euch",
    "fr": "le la les et je est une des pas pour que qui dans ce mais avec sur vous nous j'ai c'est mon ma mes suis "
    "très plus au du elle il ne on fait tout comme merci moi depuis être",
    "es": "el la los las y que es una por con para mi pero muy más estoy yo lo del como me se tengo todo esto cuando "
    "gracias porque ya hay desde soy también no sin años",
    "it": "il la che è e di non una per con mi ma sono ho anche come più questo della gli del mia mio molto grazie "
    "perché quando tutto da anni sempre io lo ci si",
    "nl": "de het een en ik niet is van dat met voor mijn maar ook je zijn heb op te ben er nog wel wat als door bij "
    "meer heel bedankt jaar geen",
    "pt": "o os e que não uma um com para mas muito eu mais meu minha por isso tenho como estou me da do obrigada "
    "obrigado também quando anos já são você",
    "pl": "nie to się i na jest że mam ale jak od z do co już mnie bardzo tak dla po dziękuję mi przez tylko moje",
    "sv": "och jag är att det som inte en har på för med men så mig min om till av kan också mycket tack när",
    "da": "og jeg er at det som ikke en har på for med men så mig min om til af kan også meget tak når",
}
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_SPEAKS = {
    word: [language for language, words in SMALL_WORDS.items() if word in fold(words).split()]
    for word in fold(" ".join(SMALL_WORDS.values())).split()
}


def check(submission: Submission) -> Verdict:
    if _is_in_another_script(submission.body):
        return hold(REASON, "another script")
    words = fold(_LINK.sub(" ", submission.body)).split()
    if len(words) < FEW_WORDS:
        return PASS
    language = _language_of(words)
    if language is None:
        return hold(REASON, "unknown language") if len(words) >= MANY_WORDS else PASS
    return PASS if language in submission.rulebook.risk_languages else hold(REASON, language)


def _is_in_another_script(text: str) -> bool:
    if text.isascii():
        return False
    letters = [letter for letter in text if letter.isalpha()]
    other = sum(letter > "ɏ" for letter in letters)  # the last letter of Latin Extended-B
    return other >= 4 and other * 2 > len(letters)


def _language_of(words: list[str]) -> str | None:
    """The language with most small words in the text; English where it is a draw, nothing where there is next to none."""
    counts = dict.fromkeys(SMALL_WORDS, 0)
    for word in words:
        for language in _SPEAKS.get(word, ()):
            counts[language] += 1
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] * 8 >= len(words) else None
