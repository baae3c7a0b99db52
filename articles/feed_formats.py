"""The two forms in which posts are fed: Atom (RFC 4287) and JSON Feed 1.1. What stands in them is for `feeds` to say."""

import json
from typing import Any

from django.utils.feedgenerator import Atom1Feed, SyndicationFeed

JSON_FEED = "https://jsonfeed.org/version/1.1"


class Atom(Atom1Feed):
    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for author in item["authors"]:
            handler.startElement("author", {})
            for name, value in author.items():
                handler.addQuickElement({"url": "uri"}.get(name, name), value)
            handler.endElement("author")
        # Django says of every summary that it is HTML, and "P < 0.05" is none.
        handler.addQuickElement("summary", item["summary"], {"type": "text"})
        handler.addQuickElement("content", item["content"], {"type": "html"})


class Json(SyndicationFeed):
    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: Any, encoding: str) -> None:
        feed = {
            "version": JSON_FEED,
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "description": self.feed["subtitle"],
            "language": self.feed["language"],
            "authors": [{"name": self.feed["author_name"]}],
            "items": [self.entry(item) for item in self.items],
        }
        outfile.write(json.dumps(feed, ensure_ascii=False, indent=1).encode(encoding))

    def entry(self, item: dict[str, Any]) -> dict[str, Any]:
        entry = {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "summary": item["summary"],
            "content_html": item["content"],
            "image": item["image"],
            "date_published": item["pubdate"].isoformat(),
            "date_modified": item["updateddate"].isoformat(),
            "authors": item["authors"],
            "tags": list(item["categories"]),
        }
        return {name: value for name, value in entry.items() if value}
