"""Tenders as people make them, through the pages: for tests that begin where one is drafted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from bs4 import BeautifulSoup
from sqlmodel import col, select

from auth.actor import Actor, Role
from marketplace.core import db
from marketplace.core.context import Context
from marketplace.core.times import in_london, now
from marketplace.tenders import actions, approval_actions, drafts, party_actions, queries, readiness
from marketplace.tenders.forms import WEIGHT, Measuring
from marketplace.tenders.models import CriterionKind, Tender
from marketplace.tenders.standing import cells
from tests.browser_of_pages import Browser
from tests.challenges.answers import typed_date
from tests.make import Make


def fine(browser: Browser) -> None:
    """What was sent was taken; otherwise, what the page says instead."""
    shown = BeautifulSoup(browser.text, "html.parser").select_one("main")
    assert browser.status == 200, " ".join((shown.text if shown else browser.text).split())


def in_days(days: int) -> date:
    return in_london(now()).date() + timedelta(days=days)


def answers() -> dict[str, dict[str, Any]]:
    """By section, what is typed into its fields."""
    return {
        "scope": {
            "title": "Housing repairs scheduling",
            "summary": "One system to plan repairs in council homes.",
            "scope": "Plan, dispatch and report repairs.",
            "area": "housing-repairs",
            "cpv": ["48000000 Software package"],
        },
        "requirements": {"functional": "Plan a day of repairs on a map.", "technical": "An API."},
        "lots": {"no_lots_because": "One system has to plan them all.", "most_lots": ""},
        "criteria": {
            "price_model": "A yearly fee.",
            "scoring": "0 to 10.",
            "scale": ["0 Nothing", "5 Enough", "10 All"],
            "price_formula": "lowest",
            "prices_sealed": "true",
            "ties": "quality",
        },
        "terms": {"conditions": "Cyber insurance.", "terms": "The shared terms."},
        "submission": {"submission": "bids.example", "contact": "Procurement team"},
        "market": {"no_engagement_because": "It is well known."},
        "dates": dates(),
    }


def _named(typed: dict[str, Any]) -> dict[str, Any]:
    """The answers under the names that their fields have on a page."""
    return {name.replace("__", "-"): value for name, value in typed.items()}


def dates(deadline: int = 40) -> dict[str, Any]:
    return {
        "route": "open",
        "contract": "goods-services",
        **typed_date("publish_on", in_days(1)),
        **typed_date("questions_on", in_days(15)),
        "questions_at": "12 noon",
        **typed_date("deadline_on", in_days(deadline)),
        "deadline_at": "12 noon",
        **typed_date("award_on", in_days(90)),
        **typed_date("starts_on", in_days(120)),
        **typed_date("ends_on", in_days(120 + 3 * 365)),
    }


@dataclass
class Drafted:
    """A joint tender and its people, by the authority that they act for."""

    browser: Browser
    id: UUID
    organisations: dict[str, UUID]
    authors: dict[str, Actor] = field(default_factory=dict)
    approvers: dict[str, Actor] = field(default_factory=dict)

    @property
    def work(self) -> str:
        return f"/tenders/{self.id}/workspace"

    def as_author(self, name: str = "Camden") -> Browser:
        return self.browser.as_(self.authors[name])

    def as_approver(self, name: str = "Camden") -> Browser:
        return self.browser.as_(self.approvers[name])

    def write(self, *but: str) -> None:
        """Writes every section and gives the criteria their weights."""
        browser = self.as_author()
        for section, typed in answers().items():
            if section not in but:
                browser.post(f"{self.work}/sections/{section}", **typed)
                fine(browser)
        for title, kind in (("Fit", "quality"), ("Price", "price")):
            self.criterion(title, kind)
        self.weigh("60", "40")

    def criterion(self, title: str, kind: str) -> None:
        about = {"title": title, "kind": kind, "question": f"How good is the {title.lower()}?"}
        browser = self.as_author()
        browser.post(f"{self.work}/criteria/new", **about)
        fine(browser)

    def weigh(self, *weights: str) -> Any:
        browser = self.as_author()
        page = browser.get(f"{self.work}/weights")
        names = [box["name"] for box in page.select("input[name^=weight]")]
        return browser.post(
            f"{self.work}/weights", **dict(zip(map(str, names), weights, strict=True))
        )

    def share(self, name: str, value: str = "100,000", cap: str = "150,000") -> Any:
        return self.as_author(name).post(f"{self.work}/own/share", **self._share(name, value, cap))

    def _share(self, name: str, value: str = "100,000", cap: str = "150,000") -> dict[str, str]:
        return {
            "approver_id": str(self.approvers[name].person_id),
            "value": value,
            "cap": cap,
            "volume": "9000",
            "unit": "homes",
            "decision": f"{name}/2026/7",
            **typed_date("decided_on", in_days(-10)),
        }

    def record(self) -> None:
        """Records every duty of the law's checklist."""
        browser = self.as_author()
        for link in browser.get(f"{self.work}/checklist").select("tbody a"):
            browser.post(str(link["href"]), note="In the procurement file.")
            fine(browser)

    def party_id(self, name: str, part: str = "criteria") -> str:
        row = self.row(name)
        return str(row.select_one(f"a[href*='/read/{part}/']")["href"]).rpartition("/")[2]

    def row(self, name: str) -> Any:
        page = self.browser.get(f"{self.work}/parties")
        rows = page.select("#matrix tbody tr")
        return next(one for one in rows if name in one.select_one("th").text)

    def cell(self, name: str, part: str) -> str:
        """The words of one cell of the matrix."""
        parts = ["specification", "lots", "criteria", "terms", "value", "annex"]
        cell = self.row(name).select("td")[parts.index(part)]
        cell.select_one(".app-cell__part").decompose()  # narrow screens repeat the heading there
        return " ".join(cell.text.split())

    def approve(self, name: str, *parts: str) -> None:
        browser = self.as_approver(name)
        chosen = parts or ("specification", "lots", "criteria", "terms", "value")
        here = self.party_id(name)
        for part in chosen:
            at = f"{self.work}/read/{part}/{here}"
            page = browser.get(at)
            digest = page.select_one("input[name=digest]")
            assert digest, (name, part, browser.text)
            browser.post(f"{at}/approve", part=part, digest=str(digest["value"]))
            fine(browser)

    def blockers(self) -> list[str]:
        page = self.browser.get(self.work)
        return [" ".join(one.text.split()) for one in page.select(".app-blocker__says")]

    def by_hand(self) -> None:
        """Everything is written, recorded and approved, page by page."""
        self.write()
        for name in self.organisations:
            self.share(name)
        self.record()
        for name in self.organisations:
            self.approve(name)

    def ready(self) -> None:
        """The same by the actions behind those pages, which is a hundred requests less."""
        with self._writing() as ctx:
            tender = queries.working(ctx, self.id)
            for slug, typed in answers().items():
                actions.edit(ctx, tender, drafts.SECTIONS[slug], _named(typed))
            weights = {}
            for title, kind, weight in (("Fit", "quality", "60"), ("Price", "price", "40")):
                question = f"How good is the {title.lower()}?"
                form = Measuring(title=title, kind=CriterionKind(kind), question=question)
                made = actions.add_criterion(ctx, tender, form)
                weights[f"{WEIGHT}{made.id.hex}"] = weight
            actions.weigh(ctx, tender, weights)
            for name, who in self.authors.items():
                ours = replace(ctx, actor=who)
                party = queries.own_party(ours, tender)
                party_actions.describe(ours, party, drafts.OWN["share"], _named(self._share(name)))
            for item, of, _ in readiness.duties(approval_actions.work(ctx, tender)):
                actions.record(ctx, tender, item.key, "In the procurement file.", of)
            for name, who in self.approvers.items():
                theirs = replace(ctx, actor=who)
                work = approval_actions.work(theirs, tender)
                for party, row in cells(
                    tender, work.parties, work.versions, work.approvals, work.seen
                ):
                    for one in row:
                        if party.organisation_id == self.organisations[name] and one.blocks:
                            approval_actions.approve(theirs, party, one.part, one.digest)

    def publish(self) -> None:
        with self._writing() as ctx:
            approval_actions.publish(ctx, queries.working(ctx, self.id))

    @contextmanager
    def _writing(self, name: str = "Camden") -> Iterator[Context]:
        with db.writing(self.browser.engine) as session:
            app: Any = self.browser.client.app
            yield app.state.marketplace.context(session, self.authors[name])
            session.commit()


def drafted(browser: Browser, make: Make, *names: str) -> Drafted:
    """A tender that the first of these authorities leads, and in which the others take part."""
    names = names or ("Camden", "Hackney")
    organisations = {
        name: make.authority(name, ppon=f"P{name.upper()[:3]}-1234-ABCD") for name in names
    }
    authors = {name: make.author(one) for name, one in organisations.items()}
    approvers = {
        name: make.actor(one, Role.APPROVER, name=f"{name} approver")
        for name, one in organisations.items()
    }
    lead, *others = names
    ids = {name: one.id for name, one in organisations.items()}
    browser.as_(authors[lead]).post("/tenders", title="Housing repairs scheduling")
    fine(browser)
    made = Drafted(browser, _latest(make), ids, authors, approvers)
    if others:
        browser.post(f"{made.work}/parties", authorities=[str(ids[name]) for name in others])
        fine(browser)
    for name in others:
        made.as_author(name).post(f"{made.work}/accept")
        fine(browser)
    return made


def _latest(make: Make) -> UUID:
    make.session.rollback()
    newest = select(Tender.id).order_by(col(Tender.created_at).desc())
    found = make.session.exec(newest).first()
    make.session.rollback()  # whoever reads on would keep others from writing
    assert found
    return found
