"""Posts and everything around them: fields and constraints, no behaviour. One file per domain idea.

Of a study, empty means “not reported where we read it”: nothing is ever filled in that the source does not say.
"""

from .articles import Article, Author, FormerSlug, Page, Picture, Tag
from .corrections import Correction
from .glossary import GlossaryTerm
from .notices import Notice
from .numbers import Arm, Outcome, Result, TimePoint
from .resources import Recommendation, Resource
from .series import Part, Series
from .studies import Study
from .weighings import Weighing

__all__ = [
    "Arm",
    "Article",
    "Author",
    "Correction",
    "FormerSlug",
    "GlossaryTerm",
    "Notice",
    "Outcome",
    "Page",
    "Part",
    "Picture",
    "Recommendation",
    "Resource",
    "Result",
    "Series",
    "Study",
    "Tag",
    "TimePoint",
    "Weighing",
]
