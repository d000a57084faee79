"""Signing in to the demo, which exists in the demo alone, and what watches over the service."""

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlmodel import Session

from auth.actor import Kind, Role
from auth.oidc import Provider
from marketplace import __version__
from marketplace.app import assemble, build
from marketplace.core import db
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.organisations.personas import PERSONAS
from marketplace.settings import DEMO_SECRET, Misconfigured, Settings, read
from search.port import Unavailable
from tests.browser_of_pages import HERE, Browser

KINDS = {Role.CURATOR: Kind.LOTI, Role.MANAGER: Kind.SUPPLIER}  # all others act for an authority


@pytest.fixture
def personas(session: Session) -> None:
    """The people of the demo, each a member of an organisation."""
    organisations = {}
    for persona in PERSONAS.values():
        slug = persona.organisation
        if slug not in organisations:
            kind = next((KINDS[role] for role in persona.roles if role in KINDS), Kind.AUTHORITY)
            organisations[slug] = Organisation(name=slug.title(), slug=slug, kind=kind)
        person = Person(name=persona.name, email=f"{persona.slug}@example.org")
        session.add_all([organisations[slug], person])
        session.flush()
        session.add(
            Membership(
                id=persona.membership_id,
                person_id=person.id,
                organisation_id=organisations[slug].id,
                roles=sorted(persona.roles),
            )
        )
    session.commit()


@pytest.fixture
def visitor(marketplace):
    """A browser that is whoever it signed in as."""
    client = TestClient(build(marketplace), base_url=HERE)
    yield Browser(client, marketplace.engine)
    client.close()


@pytest.fixture
def for_real(tmp_path, new_database):
    """A browser of a marketplace that is no demo."""
    settings = Settings(
        demo=False,
        secret_key="k" * 40,
        seal_key="s" * 40,
        oidc_providers=[
            Provider(
                slug="camden",
                title="Microsoft (Camden)",
                issuer="https://login.example",
                client_id="us",
                client_secret=SecretStr("not told"),
            )
        ],
        data_dir=tmp_path / "real",
        database_url=new_database(),
    )
    made = assemble(settings)
    client = TestClient(build(made), base_url=HERE)
    yield Browser(client, made.engine)
    client.close()
    made.close()


# ---- The demo


@pytest.mark.usefixtures("personas")
def test_the_personas_stand_under_what_they_do(visitor):
    seen = visitor.get("/sign-in")

    assert [h.text for h in seen.select("main h3")] == [
        "For authorities, who buy",
        "For suppliers, who sell",
        "For LOTI, who runs the marketplace",
    ]
    assert {button["value"] for button in seen.select("button[name=persona]")} == set(PERSONAS)
    assert "invented" in seen.main.text


@pytest.mark.usefixtures("personas")
@pytest.mark.parametrize("slug", PERSONAS)
def test_a_persona_arrives_at_its_own_home(visitor, slug):
    answer = visitor.client.post(
        "/demo/sign-in", data={"persona": slug}, follow_redirects=False, headers={"Origin": HERE}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/home")

    seen = visitor.get("/home")
    assert PERSONAS[slug].name in seen.header.text
    assert seen.select_one("nav a[href='/home']")["aria-current"]
    running = seen.select("nav a[href='/admin']")
    assert bool(running) == (PERSONAS[slug].organisation == "loti")


@pytest.mark.usefixtures("personas")
def test_a_persona_arrives_at_the_page_that_was_asked_for(visitor):
    seen = visitor.get("/sign-in?then=/products")
    form = next(one for one in seen.select("form") if one["action"] == "/demo/sign-in")
    assert form.select_one("input[name=then]")["value"] == "/products"
    visitor.client.follow_redirects = False
    for then, there in (("/products", "/products"), ("https://evil.example", "/home")):
        visitor.post("/demo/sign-in", persona="camden-buyer", then=then)
        assert visitor.headers["location"] == there


@pytest.mark.usefixtures("personas")
def test_a_program_without_a_browser_may_sign_in_too(visitor):
    answer = visitor.client.post(
        "/demo/sign-in", data={"persona": "camden-buyer"}, follow_redirects=False
    )
    assert answer.status_code == 303


@pytest.mark.usefixtures("personas")
def test_signing_out_ends_it(visitor):
    visitor.post("/demo/sign-in", persona="camden-buyer")
    assert "Home: Camden" in visitor.text

    seen = visitor.post("/sign-out")
    assert seen.select_one("header a[href='/sign-in']")
    assert visitor.get("/home").select_one("h1").text == "Sign in"


@pytest.mark.usefixtures("personas")
@pytest.mark.parametrize("persona", ["", "nobody", "Camden-Buyer", "camden-buyer "])
def test_nobody_else_can_sign_in(visitor, persona):
    visitor.post("/demo/sign-in", persona=persona)

    assert visitor.status == 404
    assert visitor.get("/home").select_one("h1").text == "Sign in"


def test_before_the_world_is_planted_the_page_says_so(visitor):
    assert "not planted" in visitor.get("/sign-in").main.text
    visitor.post("/demo/sign-in", persona="camden-buyer")
    assert visitor.status == 404


@pytest.mark.usefixtures("personas")
def test_who_is_no_longer_a_member_is_a_visitor_again(visitor, session):
    visitor.post("/demo/sign-in", persona="camden-buyer")
    membership = session.get_one(Membership, PERSONAS["camden-buyer"].membership_id)
    membership.stage = Standing.ENDED
    session.commit()

    assert visitor.get("/").select_one("header a[href='/sign-in']")


# ---- Outside the demo


def test_outside_the_demo_there_is_no_such_way_in(for_real):
    for_real.post("/demo/sign-in", persona="camden-buyer")
    assert for_real.status == 404

    seen = for_real.get("/sign-in")
    assert not seen.select("button[name=persona]")
    assert not seen.select(".app-demo")
    assert for_real.client.get("/health").json()["status"] == "ok"


@pytest.mark.parametrize("secret", [DEMO_SECRET, "", "short"])
def test_outside_the_demo_the_secret_has_to_be_ones_own(monkeypatch, secret):
    monkeypatch.setenv("DEMO", "false")
    monkeypatch.setenv("SECRET_KEY", secret)

    with pytest.raises(Misconfigured, match="SECRET_KEY"):
        read()


# ---- Health


def test_health_tells_the_version_the_database_and_the_documents(visitor, index):
    answer = visitor.client.get("/health")

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    said = answer.json()
    assert said["status"] == said["database"]["status"] == "ok"
    assert said["version"] == __version__
    assert said["search"] == {"engine": index.name, "status": "ok", "documents": 0}


def test_without_its_database_the_service_is_unavailable_in_the_same_shape(visitor, tmp_path):
    well = visitor.client.get("/health").json()
    visitor.client.app.state.engine = db.engine(f"sqlite:///{tmp_path / 'gone' / 'gone.db'}")

    answer = visitor.client.get("/health")

    assert answer.status_code == 503
    ill = answer.json()
    assert ill["status"] == ill["database"]["status"] == "unavailable"
    assert ill.keys() == well.keys()
    assert all(ill[part].keys() == well[part].keys() for part in ("database", "search"))


def test_without_its_search_the_service_is_well_and_says_so(visitor, index, monkeypatch):
    def out():
        raise Unavailable("The engine does not answer.")

    monkeypatch.setattr(index, "count", out)
    answer = visitor.client.get("/health")

    assert answer.status_code == 200
    assert answer.json()["search"]["status"] == "unavailable"


def test_without_its_database_a_page_says_when_to_come_back(visitor, tmp_path):
    visitor.client.app.state.engine = db.engine(f"sqlite:///{tmp_path / 'gone' / 'gone.db'}")

    seen = visitor.get("/")

    assert visitor.status == 503
    assert "Try again in a few minutes" in seen.text
