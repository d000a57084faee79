"""Follows every link of the marketplace as one person, as far as pages differ."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from tests.browser_of_pages import HERE, Browser
from tests.crawl.people import LOOKING
from tests.crawl.routes import find

# Of each route, this many things are visited besides those to begin from; and of a list, this many
# of each choice of filters.
THINGS, CHOICES, FRAGMENTS = 5, 2, 2
ASKING = {"hx-target", "hx-get", "hx-post"}


@dataclass(frozen=True, slots=True)
class Seen:
    url: str
    text: str


@dataclass
class Walk:
    """What somebody saw on the way, and what was wrong there."""

    browser: Browser
    person: str
    seen: list[Seen] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    _visited: set[str] = field(default_factory=set)
    _counts: Counter[tuple[object, ...]] = field(default_factory=Counter)

    def follow(self, starts: Iterable[str], hidden: Iterable[str] = ()) -> "Walk":
        """Follows all links from `starts`; what is `hidden` need not be there for this person."""
        begun = [*starts, *hidden]
        waiting = deque((url, "the start") for url in begun)
        may_be_hidden, always = set(hidden), set(begun)
        while waiting:
            url, source = waiting.popleft()
            if not self._is_new(url, always=url in always):
                continue
            page = self._visit(url, source, may_be_missing=url in may_be_hidden)
            if page is not None:
                waiting.extend((link, url) for link in self._links(page, url))
        return self

    def _is_new(self, url: str, *, always: bool) -> bool:
        if url in self._visited:
            return False
        self._visited.add(url)
        if always:
            return True
        route = find("GET", url)
        asked = urlsplit(url).query
        choice = tuple(sorted({name for name, _ in parse_qsl(asked)}))
        kind = (route.name if route else urlsplit(url).path, choice)
        self._counts[kind] += 1
        return self._counts[kind] <= (CHOICES if choice else THINGS)

    def _visit(self, url: str, source: str, *, may_be_missing: bool) -> BeautifulSoup | None:
        page = self._get(url)
        if page is None:
            return None
        self.seen.append(Seen(url, self.browser.text))
        if self.browser.status != 200:
            # support sees every link that the person has, and may follow none that is to change
            refused = self.person == LOOKING and self.browser.status == 403
            if not refused and not (may_be_missing and self.browser.status in (403, 404)):
                self.wrong.append(f"{source} leads to {url}: {self.browser.status}")
            return None
        if page.html is None:
            return None
        self._check_forms(page, url)
        self._check_parts(page, url)
        return page

    def _get(self, url: str, target: str = "") -> BeautifulSoup | None:
        try:
            return self.browser.get(url, target=target)
        except AssertionError as why:  # what the inspector found
            self.wrong.append(str(why).partition("\n")[0])
            return None

    def _links(self, page: BeautifulSoup, url: str) -> Iterator[str]:
        ids = {str(tag["id"]) for tag in page.find_all(id=True)}
        for link in page.find_all("a", href=True):
            whole, part = urldefrag(urljoin(HERE + url, str(link["href"])))
            here = whole == urldefrag(HERE + url).url
            if here and part and part not in ids:
                self.wrong.append(f"{url}: there is no #{part} on this page")
            if whole.startswith(f"{HERE}/") and "/assets/" not in whole:
                yield whole.removeprefix(HERE)

    def _check_forms(self, page: BeautifulSoup, url: str) -> None:
        for form in page.find_all("form"):
            method = str(form.get("method", "get")).upper()
            if method == "DIALOG":  # it closes one, and is sent nowhere
                continue
            action = urljoin(url, str(form.get("action", "")))
            buttons = (urljoin(url, str(b["formaction"])) for b in form.find_all(formaction=True))
            for where in (action, *buttons):
                if find(method, where) is None:
                    self.wrong.append(f"{url}: a form goes to {method} {where}, which is no route")

    def _check_parts(self, page: BeautifulSoup, url: str) -> None:
        """What htmx would ask for: the place is on the page, and the answer is a part of one."""
        for element in page.find_all(_asks):
            target = str(element.get("hx-target", "")).removeprefix("#")
            if target and not page.find(id=target):
                self.wrong.append(f"{url}: there is no #{target} for htmx to fill")
                continue
            if posted := element.get("hx-post"):
                if find("POST", str(posted)) is None:
                    self.wrong.append(f"{url}: htmx would send to {posted}, which is no route")
            elif target and (asked := self._asked_by(element, url)):
                self._ask(asked, target, url)

    def _asked_by(self, element: Tag, url: str) -> str:
        """The address that an element asks for, unless it sends a form."""
        if element.get("method") == "post":
            return ""
        return urljoin(url, str(element.get("hx-get") or element.get("href") or url))

    def _ask(self, asked: str, target: str, url: str) -> None:
        route = find("GET", asked)
        kind = (route.name if route else asked, "part", target)
        self._counts[kind] += 1
        if self._counts[kind] > FRAGMENTS:
            return
        part = self._get(asked, target)
        if part is None:
            return
        self.seen.append(Seen(f"{asked} #{target}", self.browser.text))
        if self.browser.status != 200 or "hx-redirect" in self.browser.headers:
            self.wrong.append(f"{url}: asking {asked} for #{target}: {self.browser.status}")
        elif part.select("html, main"):
            self.wrong.append(f"{url}: asking {asked} for #{target} does not answer a part")


def _asks(tag: Tag) -> bool:
    """Whether htmx does something with it."""
    return not ASKING.isdisjoint(tag.attrs)
