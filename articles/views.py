"""The public pages of posts: fetch through a queryset, render. The discussion comes from a template tag."""

from django.core.paginator import Page as Leaf
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from fibroblog import limits
from fibroblog.paging import page_number

from . import kept
from .models import Article, Author, GlossaryTerm, Page, Series, Tag
from .querysets import ArticleQuerySet


def leaf(request: HttpRequest, articles: ArticleQuerySet) -> Leaf[Article]:
    """One page of a list of posts; 404 for one that does not exist."""
    number = page_number(request)
    paginator = Paginator(articles.newest().with_listing(), limits.ARTICLES_PER_PAGE)
    if not 1 <= number <= paginator.num_pages:
        raise Http404("There is no such page of this list.")
    return paginator.page(number)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "articles/home.html", {"leaf": leaf(request, Article.objects.visible())})


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    if page := kept.page(request, slug):
        return HttpResponse(page)
    return moved_or_404(Article.objects.visible().filter(former_slugs__slug=slug).first(), request)


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    context = {"tags": Tag.objects.with_counts(), "several_series": Series.objects.with_counts()}
    return render(request, "articles/topics.html", context)


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    topic = Tag.objects.filter(slug=slug).first()
    if topic is None:
        return moved_or_404(Tag.objects.filter(former_slugs__slug=slug).first(), request)
    posts = Article.objects.visible().filter(tags=topic)
    return render(request, "articles/tag.html", {"tag": topic, "leaf": leaf(request, posts)})


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    writer = Author.objects.with_counts().filter(slug=slug).first()
    if writer is None:
        return moved_or_404(Author.objects.with_counts().filter(former_slugs__slug=slug).first(), request)
    posts = Article.objects.visible().filter(authors=writer)
    return render(request, "articles/author.html", {"author": writer, "leaf": leaf(request, posts)})


@require_safe
def series(request: HttpRequest, slug: str) -> HttpResponse:
    found = Series.objects.with_counts().filter(slug=slug).first()
    if found is None:
        return moved_or_404(Series.objects.with_counts().filter(former_slugs__slug=slug).first(), request)
    parts = Article.objects.in_series(found).with_listing()
    return render(request, "articles/series.html", {"series": found, "parts": parts})


@require_safe
def archive(request: HttpRequest, year: int) -> HttpResponse:
    years = Article.objects.visible().by_year()
    if year not in dict(years):
        raise Http404("No posts in that year.")
    posts = Article.objects.visible().filter(published_at__year=year)
    context = {"heading": f"Posts of {year}", "year": year, "years": years, "leaf": leaf(request, posts)}
    return render(request, "articles/archive.html", context)


@require_safe
def archive_index(request: HttpRequest) -> HttpResponse:
    years = Article.objects.visible().by_year()
    return redirect("archive", years[0][0]) if years else redirect("home")


@require_safe
def words(request: HttpRequest) -> HttpResponse:
    return render(request, "articles/words.html", {"words": GlossaryTerm.objects.all()})


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "articles/page.html", {"page": get_object_or_404(Page, slug=slug)})


def moved_or_404(
    target: Article | Author | Series | Tag | None, request: HttpRequest
) -> HttpResponsePermanentRedirect:
    """Lead an address that something had before to where it is now."""
    if target is None:
        raise Http404("Nothing has this address.")
    return HttpResponsePermanentRedirect(target.get_absolute_url())
