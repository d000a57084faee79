"""The forms of the marketplace as its pages draw them, and how anything is sent to them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote_plus, urljoin

from bs4 import BeautifulSoup, Tag
from fastapi.testclient import TestClient
from httpx import Response

from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import Stage
from marketplace.organisations.models import Membership, Organisation, Person
from marketplace.people.models import JoinRequest
from marketplace.shortlists.models import Stage as ListStage
from marketplace.standards.models import Stage as Published
from tests.browser_of_pages import HERE
from tests.crawl.world import Landmarks

Typed = Mapping[str, str]
PARTS = ("-day", "-month", "-year")
NOT_TYPED = {"submit", "button", "hidden", "file", "radio", "checkbox"}


def pages(landmarks: Landmarks) -> list[tuple[str, str]]:
    """Who may fill which form, and where it stands."""
    draft = f"/challenges/{landmarks.challenges[Stage.DRAFT]}"
    open_ = f"/challenges/{landmarks.challenges[Stage.OPEN]}"
    submitted = f"/challenges/{landmarks.challenges[Stage.SUBMITTED]}"
    product = f"/products/{landmarks.products[Listing.DRAFT]}"
    sections = ("need", "outcomes", "today", "handles", "area", "budget", "dates", "contact")
    shortlist = f"/shortlists/{landmarks.shortlists[ListStage.OPEN]}"
    standard = f"/standards/{landmarks.standards[Published.DRAFT]}"
    published = f"/standards/{landmarks.standards[Published.PUBLISHED]}"
    member = landmarks.about_people[Membership]["our author"]
    person = landmarks.about_people[Person]["the partner's"]
    request = landmarks.about_people[JoinRequest]["open"]
    seller = landmarks.about_people[Organisation]["binfold"]
    joint = f"/tenders/{landmarks.tenders['draft']}/workspace"
    bid = f"/tenders/{landmarks.tenders['open']}/bid/tasks"  # it has begun one
    signed, prepared = (f"/contracts/{landmarks.contracts[one]}" for one in ("signed", "prepared"))
    award = "/tenders/{}/workspace/award/{}".format(*landmarks.awards["noticed"])
    ends = ("close", "take", "pilot", "share", "drop", "withdraw")
    return [
        ("visitor", "/sign-in"),
        ("camden-buyer", "/challenges/new"),
        *(("camden-buyer", f"{draft}/edit/{one}") for one in (*sections, "documents")),
        *(("camden-buyer", f"{draft}/{one}") for one in ("check", "discard")),
        *(("camden-buyer", f"{open_}/{one}") for one in ends),
        ("camden-buyer", "/notices/import"),
        ("hackney-approver", open_),
        ("hackney-approver", f"{open_}/commitments/withdraw"),
        ("loti-curator", f"{submitted}/review"),
        *(("camden-buyer", one) for one in ("/account/name", "/notifications/settings")),
        ("camden-approver", "/organisation/profile"),
        ("camden-approver", "/organisation/invitations/new"),
        ("camden-approver", f"/organisation/people/{member}"),
        ("camden-approver", f"/organisation/people/{member}/suspend"),
        *(("camden-approver", f"/organisation/requests/{request}/{one}") for one in DECIDING),
        ("asking", f"/organisations/{landmarks.about_people[Organisation]['hackney']}/join"),
        *(("newcomer", f"/register/{one}") for one in REGISTERING),
        *(
            ("supplier-one", f"/organisation/facts/{one}")
            for one in ("size", "contacts", "address")
        ),
        ("supplier-one", "/organisation/rates"),
        ("loti-admin", "/admin/organisations/register"),
        ("loti-admin", "/admin/domains/add"),
        ("loti-admin", f"/admin/organisations/{seller}/suspend"),
        ("loti-admin", f"/admin/organisations/{seller}/facts"),
        ("loti-admin", f"/admin/people/{person}/suspend"),
        ("loti-admin", f"/admin/memberships/{member}/look"),
        *(("camden-buyer", f"{shortlist}{one}") for one in ("", "/rename", "/discard", "/freeze")),
        ("camden-buyer", "/shortlists/choose"),
        ("camden-buyer", "/tenders/new"),
        *(("camden-buyer", f"{joint}/{one}") for one in TENDER_FORMS),
        ("supplier-one", f"/tenders/{landmarks.tenders['open']}/questions"),
        *(("supplier-two", f"{bid}/{one}") for one in BID_TASKS),
        *(("camden-buyer", f"{signed}/{one}") for one in CONTRACT_FORMS),
        ("camden-buyer", f"{prepared}/edit"),
        *(("hackney-buyer", f"{award}/{one}") for one in ("set-aside", "proceedings")),
        *landmarks.choosing.items(),
        ("loti-curator", "/standards/new"),
        *(("loti-curator", f"{standard}/edit/{one}") for one in STANDARD_SECTIONS),
        ("loti-curator", f"{standard}/discard"),
        ("loti-curator", published),
        ("loti-curator", f"{published}/withdraw"),
        ("supplier-one", "/products/new"),
        *(("supplier-one", f"{product}/edit/{one}") for one in PRODUCT_SECTIONS),
    ]


DECIDING = ("approve", "decline")
REGISTERING = ("company", "identifiers", "size", "about", "contacts", "platform")
TENDER_SECTIONS = ("scope", "requirements", "lots", "criteria", "terms", "submission", "dates")
TENDER_FORMS = (
    *(f"sections/{one}" for one in TENDER_SECTIONS),
    *(f"own/{one}" for one in ("share", "annex")),
    *(f"{one}/new" for one in ("lots", "criteria")),
    *("parties", "weights", "comments/terms", "withdraw", "hand-over", "notices/UK4"),
)
CONTRACT_FORMS = ("change", "extend", "end", "breaches/new", "milestones/new", "reviews/new")
BID_TASKS = ("contact", "consortium", "question-1", "prices", "standards", "declaration")
STANDARD_SECTIONS = (
    "about",
    "version",
    "requirements",
    "rules",
    "evidence",
    "verify",
    "clause",
)
PRODUCT_SECTIONS = ("basics", "features", "price", "users")


@dataclass(frozen=True, slots=True)
class Asking:
    """One form on a page: where it goes, and its fields with what stands in them."""

    action: str
    given: tuple[tuple[str, str], ...]  # as a browser would send it untouched
    typed: frozenset[str]  # the fields that are typed into, not chosen
    names: frozenset[str]
    files: frozenset[str]


def forms(page: BeautifulSoup, url: str) -> Iterator[Asking]:
    for form in page.select("main form[method=post]"):
        yield _asking(form, urljoin(url, str(form.get("action", ""))))


def _asking(form: Tag, action: str) -> Asking:
    given: list[tuple[str, str]] = []
    names, typed, files = set(), set(), set()
    for box in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(box["name"]), str(box.get("type", "text"))
        names.add(name)
        if kind == "file":
            files.add(name)
        elif box.name == "textarea":
            typed.add(name)
            given.append((name, box.get_text()))
        elif box.name == "select":
            chosen = box.select_one("option[selected]")
            given.append((name, str(chosen["value"]) if chosen else ""))
        elif kind in ("radio", "checkbox"):
            given += [(name, str(box["value"]))] if box.has_attr("checked") else []
        elif kind != "submit":
            typed |= {name} - ({name} if kind in NOT_TYPED else set())
            given.append((name, str(box.get("value", ""))))
    return Asking(action, tuple(given), frozenset(typed), frozenset(names), frozenset(files))


def send(client: TestClient, action: str, pairs: list[tuple[str, str]]) -> Response:
    """Sends a form as bytes, so that even what no text may hold can be sent."""
    body = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)
    headers = {"Origin": HERE, "Content-Type": "application/x-www-form-urlencoded"}
    return client.post(action, content=body, headers=headers, follow_redirects=False)


def _quoted(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))
