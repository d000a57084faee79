"""A browser without a window: it goes through HTTP and inspects every page that it is shown."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup, Tag
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event

from auth.actor import VISITOR, Actor

HERE = "http://testserver"
# Every form of a page that acts upon it: whoever reads may watch.
FORMS = "main form:not(:has(#watch))"
MOST_QUERIES = 10
# Once in a while, in a transaction of its own beside the page's: that somebody is there.
NOTED = ("UPDATE signin SET seen_at", "UPDATE person SET last_seen_at")
ASKING, UNASKED = ("input", "textarea", "select"), ("hidden", "submit")
EVALUATED = re.compile(r"on\w")


def words(seen: Tag) -> str:
    """What a page or a part of it says, with one space between words."""
    return " ".join(seen.text.split())


@contextmanager
def counting(engine: Engine) -> Iterator[list[str]]:
    """The statements that the engine runs meanwhile, without the ends of transactions."""
    ran: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")):
            ran.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield ran
    finally:
        event.remove(engine, "before_cursor_execute", note)


def inspect(seen: BeautifulSoup, what: str) -> None:
    """The rules that every page and every part of a page keeps.

    One look at each tag: a selector for each rule would take longer than making the page.
    """
    tags: list[Tag] = seen.find_all(True)
    ids = Counter(str(tag["id"]) for tag in tags if "id" in tag.attrs)
    twice = [id for id, times in ids.items() if times > 1]
    assert not twice, f"{what}: ids are unique, but {twice}"
    labelled = {tag.get("for") for tag in tags if tag.name == "label"}
    for tag in tags:
        _inspect(tag, labelled, what)
    if seen.html:
        headings = [tag.get_text(" ", strip=True) for tag in tags if tag.name == "h1"]
        assert len(headings) == 1, f"{what}: one h1 a page, but {headings}"
        title = " ".join((seen.title.get_text() if seen.title else "").split())
        assert headings[0] in title, f"{what}: the title {title!r} holds the h1 {headings[0]!r}"
        assert seen.html.get("lang"), f"{what}: the language is said"
        main = [tag for tag in tags if tag.name == "main" and tag.get("id") == "main"]
        assert main, f"{what}: there is a main part"


def _inspect(tag: Tag, labelled: set[Any], what: str) -> None:
    name, attributes = tag.name, tag.attrs
    evaluated = [one for one in attributes if one.startswith("hx-on") or EVALUATED.match(one)]
    assert not evaluated, f"{what}: {evaluated} would be evaluated"
    assert "style" not in attributes, f"{what}: no style attribute"
    inline = name == "style" or (name == "script" and "src" not in attributes)
    assert not inline, f"{what}: no inline script or style"
    if name in ASKING and attributes.get("type") not in UNASKED:
        named = attributes.get("aria-label") or attributes.get("id") in labelled
        assert named, f"{what}: {tag} has a label"
    elif name == "img":
        assert "alt" in attributes, f"{what}: {tag} has alternative text"
    elif name == "a" and "href" in attributes:
        said = tag.get_text(strip=True) or attributes.get("aria-label")
        assert said, f"{what}: {tag} says nothing"


@dataclass
class Browser:
    client: TestClient
    engine: Engine
    actor: Actor = VISITOR
    status: int = 0
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    queries: list[str] = field(default_factory=list)
    last: str = ""  # the address of the page that was shown, after whatever led there

    def as_(self, actor: Actor) -> "Browser":
        """From now on, this actor asks."""
        self.actor = actor
        return self

    def get(self, url: str, target: str = "", **more: Any) -> BeautifulSoup:
        return self._see("GET", url, target, **more)

    def post(
        self, url: str, target: str = "", files: Any = None, **form: str | list[str]
    ) -> BeautifulSoup:
        """Sends a form; `closes_on__day` stands for the field name `closes_on-day`."""
        return self.send(url, form, target, files)

    def send(
        self, url: str, form: Mapping[str, Any], target: str = "", files: Any = None
    ) -> BeautifulSoup:
        """The same for names of fields that cannot be written as arguments."""
        data = {name.replace("__", "-"): value for name, value in form.items()}
        return self._see("POST", url, target, data=data, files=files)

    def _see(self, method: str, url: str, target: str, **more: Any) -> BeautifulSoup:
        headers = {"Origin": HERE} if method == "POST" else {}
        if target:  # as htmx 4 sends them
            headers |= {
                "HX-Request": "true",
                "HX-Request-Type": "partial",
                "HX-Target": f"div#{target}",
            }
        with counting(self.engine) as self.queries:
            answer = self.client.request(method, url, headers=headers, **more)
        self.status, self.headers, self.text = answer.status_code, answer.headers, answer.text
        self.last = answer.url.path
        media_type = answer.headers.get("content-type", "")
        # A feed is no page, and to read it as one would be a mistake of the test's.
        seen = BeautifulSoup("" if "xml" in media_type else answer.text, "html.parser")
        if media_type.startswith("text/html"):
            what = f"{method} {url} as {self.actor.name}"
            inspect(seen, what)
            if method == "GET":
                its = [one for one in self.queries if not one.startswith(NOTED)]
                many = "\n".join(its)
                assert len(its) <= MOST_QUERIES, f"{what}: too many queries\n{many}"
        return seen

    def main(self, url: str) -> Tag:
        """What stands in the main part of a page that has to be there."""
        seen = self.get(url)
        assert self.status == 200, f"{url}: {self.status}"
        found = seen.select_one("main")
        assert found
        return found
