"""A supplier with a product, a standard of two points, and the people around a claim."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from sqlmodel import select

from auth.actor import Role
from marketplace.claims.models import Claim, Reliance
from marketplace.core.context import Context
from marketplace.core.times import at, in_london, now
from marketplace.standards.models import Requirement
from tests.claims import rows

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
LINK = {
    "link": "https://certificates.example/4711",
    "seen": "Certificate 4711, in force",
    "kind": "certificate",
    "number": "CE-4711",
    "issuer": "Fenwick Certification",
    "holder": "Brightwater Systems Ltd",
    "covers": "yes",
    "visibility": "authorities",
}


def dated(name, day):
    """The three parts of a date, as a browser sends them."""
    return {
        f"{name}__day": str(day.day),
        f"{name}__month": str(day.month),
        f"{name}__year": str(day.year),
    }


@pytest.fixture
def today():
    return in_london(now()).date()


@pytest.fixture
def world(make):
    """Everybody who has to do with one claim."""
    supplier = make.supplier()
    version = rows.version(make, "Firewalls", "Updates", valid_months=12, whole_organisation=True)
    camden, hackney = make.authority("Camden"), make.authority("Hackney")
    return SimpleNamespace(
        supplier=supplier,
        product=make.product(supplier),
        version=version,
        manager=make.manager(supplier),
        assessor=rows.assessor(make),
        curator=make.curator(),
        camden=make.actor(camden, Role.APPROVER, name="Tom Whitfield"),
        hackney=make.author(hackney),
        rival=make.manager(make.supplier("Another")),
    )


@pytest.fixture
def acting(marketplace, session):
    """A context in which somebody acts on the test's own session."""
    return lambda who: Context(session, who, now(), marketplace.settings)


@pytest.fixture
def points(session, world):
    asked = select(Requirement).where(Requirement.version_id == world.version.id)
    return session.exec(asked.order_by(Requirement.position)).all()


@pytest.fixture
def walk(browser, session, world, points, today):
    return Walk(browser, session, world, points, today)


class Walk:
    """The way of a claim through the pages, as far as a test needs it."""

    def __init__(self, browser, session, world, points, today):
        self.browser, self.session, self.world = browser, session, world
        self.points, self.today = points, today
        self.claim = ""

    def went(self):
        assert self.browser.status == 200, self.why()

    def why(self):
        """What the page says, for a test that is refused something."""
        main = BeautifulSoup(self.browser.text, "html.parser").select_one("main")
        return main.get_text(" ", strip=True)[:600] if main else self.browser.text[:600]

    def claims(self):
        self.browser.as_(self.world.manager).post(
            "/claims",
            version=str(self.world.version.id),
            product=str(self.world.product.id),
            scope="The whole of Roundwise, hosting included.",
        )
        self.went()
        self.claim = self.newest(Claim)
        return self

    def newest(self, kind):
        """The address of the claim, or of the record of reliance, that was made last."""
        self.session.commit()
        rows = select(kind.id).order_by(kind.created_at.desc())
        found = self.session.exec(rows).first()
        self.session.commit()  # and so leave the database to the browser
        return f"/{kind.__tablename__}s/{found}"

    def answers(self, *points):
        for point in points or self.points:
            self.browser.as_(self.world.manager).post(
                f"{self.claim}/points/{point.id}", text=f"We do “{point.title}” as it asks."
            )
            self.went()
        return self

    def shows(self, *, file=None, **more):
        """Adds evidence: a link, or a file of this name and content."""
        given = {
            **LINK,
            **dated("seen_on", self.today),
            **dated("issued_on", self.today),
            **more,
        }
        files = {"file": file} if file else None
        if file:
            given |= {"link": "", "seen": ""}
        return self.browser.as_(self.world.manager).post(
            f"{self.claim}/evidence", files=files, **given
        )

    def submits(self):
        self.browser.as_(self.world.manager).post(f"{self.claim}/submit")
        self.went()
        return self

    @property
    def bench(self):
        return self.claim.replace("/claims/", "/assessments/")

    def takes(self):
        self.browser.as_(self.world.assessor).post(f"{self.bench}/take")
        self.went()
        return self

    def marks(self, point, verdict="met", **more):
        return self.browser.as_(self.world.assessor).post(
            f"{self.bench}/points/{point.id}", verdict=verdict, **more
        )

    def decides(self):
        self.browser.as_(self.world.assessor).post(f"{self.bench}/decide", feedback="Well shown.")
        self.went()
        return self

    def is_met(self):
        self.claims().answers()
        self.shows(file=("certificate.pdf", PDF))
        self.submits().takes()
        for point in self.points:
            self.marks(point)
        return self.decides()

    def relies(self, who=None, **more):
        given = {"purpose": "tender", "reference": "Waste 2027", **more}
        self.browser.as_(who or self.world.camden).post(f"{self.claim}/rely", **given)
        return self.newest(Reliance)


@pytest.fixture
def clock():
    """Moves the clock of everything done inside ahead by so many days."""

    def ahead(*, days):
        return at(now() + timedelta(days=days))

    return ahead
