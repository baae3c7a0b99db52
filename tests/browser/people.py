"""Who sits before the browser: visitors and staff, each in a context of their own, and what their browser complains of."""

import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    StorageState,
    WebError,
    expect,
)

from .server import Site

Scheme = Literal["light", "dark"]

# Chromium's own line about a page that was answered with an error on purpose.
ERROR_PAGE = re.compile(r"^Failed to load resource: the server responded with a status of 4\d\d")


@dataclass
class Watch:
    """Everything that a quiet page does not do."""

    site: Site
    broken: list[str] = field(
        default_factory=list
    )  # never right: faults of the server, of a script, missing files
    noise: list[str] = field(default_factory=list)  # the console, including the content security policy
    foreign: list[str] = field(default_factory=list)  # requests to others

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not ERROR_PAGE.match(message.text):
            where = urlsplit(message.location["url"]).path
            self.noise.append(f"{message.type} on {where}: {message.text}")

    def _error(self, error: WebError) -> None:
        self.broken.append(f"script error on {error.page.url if error.page else '?'}: {error.error}")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).scheme in {"http", "https", "ws", "wss"} and not request.url.startswith(
            self.site.url + "/"
        ):
            self.foreign.append(f"{request.url} from {request.frame.url}")

    def _response(self, response: Response) -> None:
        kind = response.request.resource_type
        if response.status >= 500 or (response.status >= 400 and kind not in {"document", "fetch"}):
            self.broken.append(f"{response.status} for {response.url} ({kind})")


class People:
    """Opens pages for people; closes all of them in the end."""

    def __init__(self, browser: Browser, site: Site, parked: dict[str, StorageState]) -> None:
        self.browser = browser
        self.site = site
        self.watch = Watch(site)
        self._parked = parked
        self._contexts: list[BrowserContext] = []

    def visitor(
        self,
        *,
        scripts: bool = True,
        width: int = 1000,
        height: int = 800,
        scheme: Scheme = "light",
        reading: str = "",
        forced_colors: Literal["active", "none"] = "none",
    ) -> Page:
        """A browser that was never here; ``reading`` is the cookie of the reading settings."""
        context = self._context(None, scripts, width, height, scheme, forced_colors)
        if reading:
            context.add_cookies([{"name": "reading", "value": reading, "url": self.site.url}])
        return context.new_page()

    def staff(
        self,
        name: str = "moderator",
        *,
        scripts: bool = True,
        width: int = 1000,
        height: int = 800,
        scheme: Scheme = "light",
        phone: bool = False,
    ) -> Page:
        """One of the demo accounts, signed in. The sign-in itself happens once a run. A phone is touched, not clicked."""
        if name not in self._parked:
            page = self.visitor()
            sign_in(page, self.site, name)
            self._parked[name] = page.context.storage_state()
        state = self._parked[name]
        return self._context(state, scripts, width, height, scheme, "none", phone=phone).new_page()

    def _context(
        self,
        state: StorageState | None,
        scripts: bool,
        width: int,
        height: int,
        scheme: Scheme,
        forced_colors: Literal["active", "none"],
        *,
        phone: bool = False,
    ) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.site.url,
            storage_state=state,
            java_script_enabled=scripts,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            forced_colors=forced_colors,
            has_touch=phone,
            is_mobile=phone,
        )
        context.set_default_timeout(10_000)
        self.watch.over(context)
        self._contexts.append(context)
        return context

    def go(self) -> None:
        for context in self._contexts:
            context.close()


def sign_in(page: Page, site: Site, name: str) -> None:
    page.goto("/admin/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(site.at("/admin/"))
