"""What people type is text wherever it is drawn: it makes no element, no attribute, no address."""

from dataclasses import replace
from urllib.parse import quote
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from httpx import Response
from sqlmodel import Session, col, select

from marketplace.app import assemble
from marketplace.challenges.models import Attachment, Stage
from marketplace.core.outbox import deliver
from marketplace.notices.models import Import, Notice, State
from marketplace.organisations.models import Person
from tests.browser_of_pages import HERE
from tests.crawl.people import ASKING, NEWCOMER
from tests.crawl.places import places
from tests.crawl.planting import MARK, PAYLOAD, SHORT, Planting
from tests.crawl.routes import to_get
from tests.crawl.world import Landmarks


@pytest.fixture(scope="module")
def planted(world, arrive):
    """A world with payloads in every field of every form, at every stage."""
    made = assemble(world.copy())
    work = Planting(made, arrive)
    challenges = {
        Stage.DRAFT: work.drafted(),
        Stage.SUBMITTED: work.submitted(),
        Stage.RETURNED: work.returned(),
        Stage.OPEN: work.opened(),
        **{
            stage: work.ended(how)
            for stage, how in (
                (Stage.TAKEN, "take"),
                (Stage.PILOTED, "pilot"),
                (Stage.SHARED, "share"),
                (Stage.DROPPED, "drop"),
                (Stage.WITHDRAWN, "withdraw"),
            )
        },
    }
    product = {"draft": work.product(), "listed": work.product()}
    work.post("supplier-one", f"{product['listed']}/publish")
    work.imported()
    work.about_people(world.landmarks)
    standard = work.standard()
    claim = work.claimed(standard, product["listed"])
    lists = work.shortlisted(product["listed"])
    work.searched()
    work.places = (standard, claim, *lists)
    deliver(made.engine)
    yield work, landmarks_of(made, challenges, product, world.landmarks)
    made.close()


def landmarks_of(
    made, challenges: dict[str, str], products: dict[str, str], before: Landmarks
) -> Landmarks:
    ids = {stage: UUID(place.rpartition("/")[2]) for stage, place in challenges.items()}
    with Session(made.engine) as session:
        attached = {
            stage: session.exec(select(Attachment.id).where(Attachment.challenge_id == id)).one()
            for stage, id in ids.items()
        }
        import_ = session.exec(select(Import).where(col(Import.name).contains(MARK))).one()
        assert (import_.new, import_.refused) == (1, 1)
        notice = session.exec(select(Notice).where(Notice.import_id == import_.id)).one()
        return replace(
            before,
            challenges=ids,
            attachments=attached,
            products={stage: UUID(place.rpartition("/")[2]) for stage, place in products.items()},
            imports={State.DONE: import_.id},
            notice=notice.id,
            delivery=UUID(int=0),
        )


def pages(landmarks: Landmarks) -> list[str]:
    """Every page that may show what was typed."""
    about = [place.url for route in to_get() for place in places(route, landmarks)]
    plain = [route.path for route in to_get() if "{" not in route.path]
    asked = [f"/{one}?q={quote(SHORT)}" for one in ("search", "products", "suppliers")]
    asked += [f"/search?q={MARK}&kind=notice", f"/challenges/new?title={quote(SHORT)}"]
    asked += [f"/challenges/new?notice={landmarks.notice}", f"/notices/{landmarks.notice}"]
    asked += [f"/notices?source={quote(SHORT)}", f"/challenges?authority={quote(SHORT)}"]
    return [*about, *plain, *asked]


def check(text: str, where: str) -> bool:
    """Whether the mark stands on a page; where it does, it made nothing."""
    if MARK not in text:
        return False
    page = BeautifulSoup(text, "html.parser")
    assert not page.select(f"[{MARK}]"), where
    assert not page.select("script:not([src]), svg[onload], img[src='x']"), where
    for tag in page.find_all(True):
        assert not any(name.startswith("on") for name in tag.attrs), f"{where}: {tag.name}"
        for name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
            address = str(tag.get(name, "")).strip().lower()
            assert not address.startswith(("javascript:", "data:")), f"{where}: {address}"
    assert str(7 * 191) not in page.get_text(), f"{where}: nothing is worked out"
    return True


def shows(answer: Response, where: str) -> bool:
    """What is no page is no page for a browser either, whatever stands in it."""
    if answer.headers.get("content-type", "").startswith("text/html"):
        return check(answer.text, where)
    assert answer.headers["x-content-type-options"] == "nosniff", where
    return MARK in answer.text


@pytest.mark.parametrize(
    "person",
    ["visitor", "camden-buyer", "camden-approver", "hackney-approver", "loti-admin", ASKING],
)
def test_what_was_typed_is_text_on_every_page(planted, person):
    work, landmarks = planted
    shown = [url for url in pages(landmarks) if shows(work.clients[person].get(url), url)]
    assert len(shown) > 25


def test_what_a_supplier_typed_is_text_on_its_pages(planted):
    work, landmarks = planted
    get = work.clients["supplier-one"].get
    shown = {url for url in pages(landmarks) if shows(get(url), url)}
    place = f"/products/{landmarks.products['draft']}"
    sections = [f"{place}/edit/{one}" for one in ("basics", "features")]
    assert {place, f"{place}/edit", *sections[:1], "/products/mine", "/products"} <= shown
    assert check(get(sections[1]).text, sections[1])


def test_what_people_typed_about_themselves_is_text(planted):
    work, landmarks = planted
    person = landmarks.about_people[Person]["the partner's"]
    for who, url in (
        ("camden-buyer", "/account"),
        ("camden-buyer", "/account/data"),
        ("camden-approver", "/organisation"),
        ("camden-approver", "/organisation/profile"),
        (ASKING, "/join"),
        (NEWCOMER, "/register/about"),
        ("loti-admin", f"/admin/people/{person}"),
        ("loti-admin", "/admin/people"),
        ("supplier-one", "/organisation/facts"),
    ):
        assert check(work.clients[who].get(url).text, f"{who} {url}"), (who, url)


def test_what_was_typed_about_standards_is_text(planted):
    """By its author, its readers and in what can be downloaded."""
    work, landmarks = planted
    standard, claim, going_on, frozen = work.places
    product = f"/products/{landmarks.products['listed']}"
    bench = claim.replace("/claims/", "/assessments/")
    for who, url in (
        ("visitor", standard),
        ("visitor", f"{standard}/history"),
        ("visitor", "/standards"),
        ("visitor", f"{product}/standards"),
        ("visitor", claim),
        ("supplier-one", claim),
        ("supplier-one", "/claims"),
        ("loti-assessor", bench),
        ("camden-approver", work.reliance),
        ("camden-buyer", going_on),
        ("camden-buyer", frozen),
        ("camden-buyer", "/shortlists"),
        ("camden-buyer", "/saved"),
    ):
        answer = work.clients[who].get(url)
        assert answer.status_code == 200, (who, url)
        assert check(answer.text, f"{who} {url}"), (who, url)


@pytest.mark.parametrize("slug", ["need", "outcomes", "today", "area", "contact", "documents"])
def test_what_was_typed_is_text_where_it_is_edited(planted, slug):
    work, landmarks = planted
    for stage in (Stage.DRAFT, Stage.RETURNED):
        url = f"/challenges/{landmarks.challenges[stage]}/edit/{slug}"
        assert check(work.clients["camden-buyer"].get(url).text, url)


def test_what_is_wrong_is_text_when_it_is_asked_again(planted):
    work, landmarks = planted
    draft = f"/challenges/{landmarks.challenges[Stage.DRAFT]}"
    wrong = {
        "/challenges": {"title": PAYLOAD * 3},
        f"{draft}/edit/area": {"area": PAYLOAD, "cpv": [SHORT, PAYLOAD]},
        f"{draft}/edit/dates": {"closes_on-day": SHORT, "closes_on-year": SHORT},
        f"{draft}/edit/contact": {"contact_role": PAYLOAD, "contact_email": SHORT},
    }
    for url, form in wrong.items():
        answer = work.clients["camden-buyer"].post(url, data=form, headers={"Origin": HERE})
        assert answer.status_code == 422
        assert check(answer.text, url)


def test_parts_of_pages_and_downloads_are_text_too(planted):
    work, landmarks = planted
    place = f"/challenges/{landmarks.challenges[Stage.OPEN]}"
    for url, target in (
        (place, "commitments"),
        (f"/challenges/new?title={quote(SHORT)}", "similar"),
        (f"/products?q={quote(SHORT)}", "results"),
        (f"/search?q={quote(SHORT)}", "results"),
    ):
        headers = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": target}
        answer = work.clients["camden-buyer"].get(url, headers=headers)
        assert answer.status_code == 200
        check(answer.text, url)
    csv = work.clients["camden-buyer"].get(
        f"/notices/imports/{landmarks.imports[State.DONE]}/problems.csv"
    )
    assert csv.headers["content-type"].startswith("text/csv")
    assert csv.headers["content-disposition"].startswith("attachment")
