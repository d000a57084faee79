"""Types payloads into every form, as the people who fill them, from a challenge to a claim."""

import json
from collections.abc import Sequence
from urllib.parse import quote
from uuid import UUID

from sqlmodel import Session, select

from marketplace.claims.models import Interest
from marketplace.organisations.models import Organisation, Person
from marketplace.people.models import JoinRequest
from marketplace.standards.models import Requirement, StandardVersion
from tests.browser_of_pages import HERE
from tests.challenges.answers import in_days
from tests.crawl.people import ASKING, EVERYBODY, NEWCOMER
from tests.crawl.world import Landmarks
from tests.notices.releases import WHOLE
from tests.standards.answers import answers

MARK = "planted"
# Each would leave the place it is drawn in: text, an attribute, a comment, a script, Markdown.
PAYLOADS = (
    f"<b {MARK}>x</b>",
    f"'\"><img {MARK} src=x onerror=alert(1)>",
    f"</textarea></title></script><script {MARK}>alert(1)</script>",
    f'" {MARK}="x" autofocus onfocus="alert(1)',
    "[x](javascript:alert(1)) <javascript:alert(1)>",
    f"--><svg {MARK} onload=alert(1)>",
    f"{{{{ 7 * 191 }}}}<i {MARK}>",
)
PAYLOAD = " ".join(PAYLOADS)
SHORT = PAYLOADS[1]  # where little fits
FILE = f"<b {MARK}>.txt"


def typed(name: str) -> str:
    """What is typed into a field of this name, as much of it as fits."""
    return PAYLOAD if name in LONG else SHORT


LONG = {"need", "affected", "outcomes", "today", "constraints", "message", "outcome", "note"}
LONG |= {"description"}


def sections() -> dict[str, dict[str, object]]:
    closes, starts = in_days(30), in_days(90)
    texts = ("title", "need"), ("affected", "outcomes"), ("today", "constraints")
    dates = {
        f"{name}-{part}": getattr(day, part)
        for name, day in (("closes_on", closes), ("starts_on", starts))
        for part in ("day", "month", "year")
    }
    return {
        slug: {name: typed(name) for name in names}
        for slug, names in zip(("need", "outcomes", "today"), texts, strict=True)
    } | {
        "area": {"area": "waste", "cpv": ["90511000"]},
        "budget": {"band": "25k-100k"},
        "dates": dates,
        "contact": {"contact_role": SHORT},
    }


class Planting:
    """Types payloads into every form, as the people who fill them."""

    def __init__(self, marketplace, arrive) -> None:
        self.engine = marketplace.engine
        self.clients = {person: arrive(marketplace, person).client for person in EVERYBODY}

    def post(self, person: str, url: str, files: object = None, **form: object) -> str:
        answer = self.clients[person].post(
            url, data=form, files=files, headers={"Origin": HERE}, follow_redirects=False
        )
        assert answer.status_code == 303, (url, answer.text)
        return answer.headers["location"]

    def drafted(self) -> str:
        place = self.post("camden-buyer", "/challenges", title=SHORT).removesuffix("/edit")
        for slug, said in sections().items():
            self.post("camden-buyer", f"{place}/edit/{slug}", **said)
        document = {"file": (FILE, b"Where the bins stand.\n", "text/plain")}
        self.post("camden-buyer", f"{place}/attachments", files=document)
        return place

    def submitted(self) -> str:
        place = self.drafted()
        self.post("camden-buyer", f"{place}/submit")
        return place

    def returned(self) -> str:
        place = self.submitted()
        self.post("loti-curator", f"{place}/return", message=PAYLOAD, about="need")
        return place

    def opened(self) -> str:
        place = self.submitted()
        self.post("loti-curator", f"{place}/approve")
        said = {"level": "committed", "volume": "12", "unit": "<b planted>", "note": PAYLOAD}
        self.post("hackney-approver", f"{place}/commitments", **said)
        return place

    def ended(self, how: str) -> str:
        place = self.opened()
        outcome = SHORT if how == "take" else PAYLOAD
        self.post("camden-buyer", f"{place}/{how}", outcome=outcome)
        return place

    def product(self) -> str:
        place = self.post("supplier-one", "/products", name=SHORT).removesuffix("/edit")
        basics = {"name": SHORT, "summary": SHORT, "description": PAYLOAD}
        lines = "\n".join(PAYLOADS)
        features = {"features": lines, "integrations": lines, "areas": "waste", "cpv": "90511000"}
        price = {"deployment": "saas", "price_model": "free"}
        for slug, said in (("basics", basics), ("features", features), ("price", price)):
            self.post("supplier-one", f"{place}/edit/{slug}", **said)
        self.post("supplier-one", f"{place}/edit/users")
        return place

    def about_people(self, people: Landmarks) -> None:
        """Names, messages and reasons, which are shown to others."""
        about = people.about_people
        self.post("camden-buyer", "/account/name", name=SHORT)
        said = {"description": PAYLOAD, "regions": ["london"], "site": ""}
        place = {"street": SHORT, "town": SHORT, "postcode": "N1 1AA", "country": "GB"}
        self.post("camden-approver", "/organisation/profile", **said, **place)
        declining = f"/organisation/requests/{about[JoinRequest]['open']}/decline"
        self.post("camden-approver", declining, because=PAYLOAD)
        self.post(ASKING, f"/organisations/{about[Organisation]['camden']}/join", message=SHORT)
        person = about[Person]["the partner's"]
        self.post("loti-admin", f"/admin/people/{person}/suspend", because=PAYLOAD)
        answers = {"trading_name": SHORT, "description": PAYLOAD, "regions": ["london"]}
        self.post(NEWCOMER, "/register/about", **answers, site="")
        contacts = {"accessibility_role": SHORT, "security_role": SHORT}
        mailboxes = dict.fromkeys(("accessibility_email", "security_email"), "a@binfold.example")
        self.post("supplier-one", "/organisation/facts/contacts", **contacts, **mailboxes)
        [interest] = about[Interest].values()  # which would keep the assessor from the claim below
        self.post("loti-assessor", f"/interests/{interest}/drop")

    def imported(self) -> None:
        texts = {"title": SHORT, "description": PAYLOAD, "status": SHORT}
        tender = {**WHOLE["tender"], **texts, "procurementMethodDetails": SHORT}
        buyer = {"id": SHORT, "name": SHORT}
        parties = [{"id": SHORT, "name": SHORT, "roles": ["buyer", "supplier"]}]
        good = {**WHOLE, "tender": tender, "buyer": buyer, "parties": parties}
        bad = {"ocid": SHORT, "id": SHORT, "date": SHORT, "tag": [SHORT]}
        package = {"uri": "https://x.example", "version": "1.1", "releases": [good, bad]}
        file = {"file": (f"{FILE}.json", json.dumps(package).encode(), "application/json")}
        self.post("camden-buyer", "/notices/import", files=file)

    # ---- Standards, claims, shortlists and searches

    def standard(self) -> str:
        """Published, with payloads in all that a curator writes."""
        named = {"title": SHORT, "key": KEY, "issuer": SHORT, "kind": "technical"}
        place = self.post("loti-curator", "/standards", **named).removesuffix("/edit")
        for section, given in answers().items():
            said = {name.replace("__", "-"): _planted(name, text) for name, text in given.items()}
            said |= {"key": KEY} if section == "about" else {}
            self.post("loti-curator", f"{place}/edit/{section}", **said)
        self.post("loti-curator", f"{place}/publish")
        return place

    def claimed(self, standard: str, product: str) -> str:
        """Assessed and relied on, with payloads from everybody who writes about a claim."""
        version, points = self._version(standard)
        about = {"version": str(version), "product": product.rpartition("/")[2], "scope": PAYLOAD}
        place = self.post("supplier-one", "/claims", **about)
        for point in points:
            self.post("supplier-one", f"{place}/points/{point}", text=PAYLOAD)
        issued = in_days(-30)
        evidence = {f"issued_on-{part}": getattr(issued, part) for part in ("day", "month", "year")}
        evidence |= dict.fromkeys(("number", "issuer", "holder", "holder_because", "seen"), SHORT)
        evidence |= {"kind": "report", "covers": "yes", "visibility": "public"}
        file = {"file": (FILE, b"What was tested.\n", "text/plain")}
        self.post("supplier-one", f"{place}/evidence", files=file, **evidence)
        self.post("supplier-one", f"{place}/submit")
        bench = place.replace("/claims/", "/assessments/")
        self.post("loti-assessor", f"{bench}/take")
        for point in points:
            found = {"verdict": "equivalent", "reason": "unclear", "feedback": PAYLOAD}
            self.post("loti-assessor", f"{bench}/points/{point}", **found)
        self.post("loti-assessor", f"{bench}/decide", feedback=PAYLOAD)
        said = {"purpose": "contract", "reference": SHORT, "condition": PAYLOAD, "named": "true"}
        self.reliance = self.post("camden-approver", f"{place}/rely", **said)
        return place

    def _version(self, standard: str) -> tuple[UUID, Sequence[UUID]]:
        id = UUID(standard.rpartition("/")[2])
        with Session(self.engine) as session:
            version = session.exec(
                select(StandardVersion.id).where(StandardVersion.standard_id == id)
            ).one()
            points = select(Requirement.id).where(Requirement.version_id == version)
            return version, session.exec(points).all()

    def shortlisted(self, product: str) -> tuple[str, str]:
        """A list in progress and a frozen one."""
        ids, lists = product.rpartition("/")[2], []
        for _ in range(2):
            place = self.post("camden-buyer", "/shortlists", name=SHORT, id=[ids])
            self.post("camden-buyer", f"{place}/products/{ids}/note", note=PAYLOAD)
            lists.append(place)
        frozen = {"because": PAYLOAD, "understood": "true"}
        self.post("camden-buyer", f"{lists[1]}/freeze", **frozen)
        return lists[0], lists[1]

    def searched(self) -> None:
        question = quote(f"q={quote(SHORT)}")
        about = {"name": SHORT, "rhythm": "daily"}
        self.post("camden-buyer", f"/saved/new?in=product&query={question}", **about)


def _planted(name: str, text: object) -> object:
    """A payload where words are typed; what is chosen or counted stays."""
    return f"{SHORT}, or equivalent" if name.rpartition("-")[2] in WORDS else text


KEY = "PLANTED"
WORDS = {"title", "issuer", "label", "summary", "what_changed", "guidance", "verify", "clause"}
