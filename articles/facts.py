"""What a post, an author and the site are in the words of schema.org. Reads what is at hand; asks no database."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from . import share_cards
from .models import Article, Author

LANGUAGE = "en-GB"
DOI_HOME = "https://doi.org/"
PUBMED = "https://pubmed.ncbi.nlm.nih.gov/"


def address(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def named(author: Author) -> dict[str, str]:
    return {"name": author.name, "url": address(author.get_absolute_url())}


def id_of(article: Article) -> str:
    """Other blocks on the page say more of the same post by this name."""
    return address(f"{article.get_absolute_url()}#post")


def of_article(article: Article) -> dict[str, Any]:
    """Needs authors, topics and picture at hand: `for_page()`."""
    changed = article.updated_at or article.published_at
    posting = {
        "@type": "BlogPosting",
        "@id": id_of(article),
        "mainEntityOfPage": address(article.get_absolute_url()),
        "headline": article.title,
        "description": article.finding,
        "datePublished": article.published_at.isoformat() if article.published_at else "",
        "dateModified": changed.isoformat() if changed else "",
        "author": [{"@type": "Person", **named(author)} for author in article.authors.all()],
        "publisher": publisher(),
        "image": pictures_of(article),
        "keywords": [tag.name for tag in article.tags.all()],
        "wordCount": article.words,
        "inLanguage": LANGUAGE,
        "isAccessibleForFree": True,
        "citation": citations_of(article),
    }
    return {"@graph": [{name: value for name, value in posting.items() if value}, trail_to(article)]}


def citations_of(article: Article) -> list[dict[str, Any]]:
    """The studies that a post weighs, where it weighs any."""
    weighings = getattr(article, "weighings", None)
    return [of_study(weighing.study) for weighing in weighings.all()] if weighings else []


def of_study(study: Any) -> dict[str, Any]:
    """``authors`` is a text with commas, as papers list them."""
    names = [name.strip() for name in study.authors.split(",") if name.strip()]
    homes = [
        f"{DOI_HOME}{quote(study.doi)}" if study.doi else "",
        f"{PUBMED}{study.pmid}/" if study.pmid else "",
    ]
    told = {
        "@type": "MedicalScholarlyArticle",
        "headline": study.title,
        "author": [{"@type": "Person", "name": name} for name in names],
        "isPartOf": {"@type": "Periodical", "name": study.journal} if study.journal else None,
        "datePublished": str(study.year) if study.year else "",
        "identifier": f"doi:{study.doi}" if study.doi else "",
        "sameAs": [home for home in homes if home],
    }
    return {name: value for name, value in told.items() if value}


def pictures_of(article: Article) -> list[str]:
    picture = article.main_image
    shown = [] if picture is None else [picture.large.url if picture.renditions_at else picture.file.url]
    return [share_cards.of(article).address, *map(address, shown)]


def publisher() -> dict[str, Any]:
    return {
        "@type": "Organization",
        "name": settings.SITE_NAME,
        "url": address("/"),
        "logo": address(static("img/mark.svg")),
    }


def trail_to(article: Article) -> dict[str, Any]:
    """From the front page by the first topic to the post."""
    steps = [(settings.SITE_NAME, "/")]
    steps += [(tag.name, tag.get_absolute_url()) for tag in list(article.tags.all())[:1]]
    steps += [(article.title, article.get_absolute_url())]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": address(path)}
            for position, (name, path) in enumerate(steps, start=1)
        ],
    }


def of_site() -> dict[str, Any]:
    return {
        "@type": "WebSite",
        "name": settings.SITE_NAME,
        "url": address("/"),
        "inLanguage": LANGUAGE,
        "publisher": publisher(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": address(f"{reverse('search')}?q={{words}}"),
            },
            "query-input": "required name=words",
        },
    }
