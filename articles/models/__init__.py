"""Posts and everything around them: fields and constraints, no behaviour. One file per domain idea."""

from .articles import Article, Author, FormerSlug, GlossaryTerm, Page, Picture, Tag
from .corrections import Correction
from .resources import Recommendation, Resource
from .series import Part, Series

__all__ = [
    "Article",
    "Author",
    "Correction",
    "FormerSlug",
    "GlossaryTerm",
    "Page",
    "Part",
    "Picture",
    "Recommendation",
    "Resource",
    "Series",
    "Tag",
]
