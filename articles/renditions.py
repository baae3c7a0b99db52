"""Tells the image library to leave its work to our worker: no page view and no save ever waits for a picture."""

from typing import Any


class ByTheWorker:
    """A strategy of django-imagekit that makes nothing by itself; `images.make_renditions` does."""

    def on_source_saved(self, file: Any) -> None:
        pass

    def on_existence_required(self, file: Any) -> None:
        pass
