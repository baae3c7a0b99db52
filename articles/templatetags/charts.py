"""Puts the charts of a post's studies on its page: the first in full view, the others a press away."""

from typing import Any, NamedTuple

from django import template
from django.utils.safestring import SafeString

from articles.chart_drawing import svg
from articles.charts import Chart
from articles.models import Article, Study
from articles.study_charts import charts_of as _charts_of

register = template.Library()


class More(NamedTuple):
    study: Study
    charts: list[Chart]
    is_other: bool  # than the study that the post is about


@register.inclusion_tag("articles/_charts.html")
def charts_of(article: Article) -> dict[str, Any]:
    studies = _charts_of(article)
    if not studies:
        return {"first": None}
    (main, [first, *others]), *wider = studies
    more = [More(main, others, is_other=False)] if others else []
    more += [More(study, charts, is_other=True) for study, charts in wider]
    return {"first": first, "more": more, "count": sum(len(one.charts) for one in more)}


@register.filter
def drawn(chart: Chart) -> SafeString:
    return svg(chart)
