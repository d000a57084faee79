"""LOTI oversees organisations: it finds, enters, suspends and restores them."""

import pytest
from sqlmodel import select

from auth.actor import VISITOR, Kind, Role
from marketplace.core.journal import Event
from marketplace.onboarding.models import Identifier, SupplierFacts
from marketplace.organisations.models import AuthorityType, Organisation, Standing
from marketplace.people.models import MailDomain
from marketplace.verbs import Verb


@pytest.fixture
def administrator(make):
    return make.actor(make.loti(), Role.SUPPORT, Role.ADMINISTRATOR, name="Grace Boateng")


@pytest.fixture
def binfold(make):
    supplier = make.supplier("Binfold", companies_house_number="01234567", ppon="PABC-1234-DEFG")
    make(
        SupplierFacts(
            organisation_id=supplier.id,
            legal_name="Folding Bins Holdings Limited",
            vat_number="GB980780684",
        )
    )
    for text in ("GB-CHC-1141234", "DUNS-150483782"):
        make(Identifier(organisation_id=supplier.id, text=text))
    return supplier


def names(seen):
    return [link.get_text(strip=True) for link in seen.select(".app-list__title a")]


def test_for_everybody_but_loti_there_are_no_such_pages(browser, make):
    camden = make.authority("Camden")
    domain = make(MailDomain(domain="camden.gov.uk", organisation_id=camden.id))
    officer = make.administrator(camden)
    pages = [
        "organisations",
        "organisations/register",
        f"organisations/{camden.id}",
        f"organisations/{camden.id}/history",
        f"organisations/{camden.id}/suspend",
        "requests",
        "people",
        f"people/{officer.person_id}",
        f"people/{officer.person_id}/suspend",
        "domains",
        "domains/add",
        f"domains/{domain.id}/remove",
        f"memberships/{officer.membership_id}/look",
    ]
    sent = [one for one in pages if one.rpartition("/")[2] in {"suspend", "remove", "look", "add"}]
    sent += [f"organisations/{camden.id}/restore", f"people/{officer.person_id}/restore"]
    sent += ["organisations/register"]

    for actor in (VISITOR, officer, make.manager(make.supplier()), make.newcomer()):
        for address in pages:
            browser.as_(actor).get(f"/admin/{address}")
            assert browser.status == 404, (actor.name, address)
        for address in sent:
            browser.post(f"/admin/{address}", because="I want to")
            assert browser.status == 404, (actor.name, address)


@pytest.mark.parametrize(
    "words",
    [
        "binf",  # a part of the name
        "folding bins hold",  # of the legal name
        "01234567",
        "1234567",  # as the register of companies does not write it, and people do
        "GB-COH-01234567",
        "pabc-1234-defg",
        "GB 980 7806 84",
        "980780684",
        "GB-CHC-1141234",
        "1141234",
        "DUNS 150483782",
        "150483782",
    ],
)
@pytest.mark.usefixtures("binfold")
def test_loti_finds_a_supplier_by_its_names_and_identifiers(browser, make, administrator, words):
    make.supplier("Lintelwick", companies_house_number="07654321")

    seen = browser.as_(administrator).get("/admin/organisations", params={"q": words})

    assert names(seen) == ["Binfold"]


def test_loti_finds_an_authority_by_its_domain_and_by_an_address_there(
    browser, make, administrator
):
    camden = make.authority("Camden", org_id="GB-LAE-CMD")
    make(MailDomain(domain="camden.gov.uk", organisation_id=camden.id))
    make.authority("Hackney")

    for words in ("camden.gov", "amara.okafor@camden.gov.uk", "gb-lae-cmd"):
        seen = browser.as_(administrator).get("/admin/organisations", params={"q": words})
        assert names(seen) == ["Camden"], words
    seen = browser.get("/admin/organisations", params={"q": "brent.gov.uk"})
    assert names(seen) == []
    assert "No organisation meets all that you ask for" in seen.text


def test_signs_that_mean_something_to_the_database_mean_themselves(browser, make, administrator):
    make.supplier("100% Bins_R_Us")
    make.supplier("Binfold")

    for words, found in (("0%", 1), ("s_r", 1), ("%", 1), ("'", 0), ('"', 0), ("\\", 0)):
        seen = browser.as_(administrator).get("/admin/organisations", params={"q": words})
        assert len(names(seen)) == found, words


@pytest.mark.parametrize("words", ["\x00", "a\x00b", "\u202e", "٣", "x" * 5000, "[" * 50])
def test_strange_words_find_nothing_and_break_nothing(browser, administrator, words):
    for page in ("organisations", "people", "domains"):
        browser.as_(administrator).get(f"/admin/{page}", params={"q": words})
        assert browser.status == 200, page


def test_the_list_is_narrowed_by_kind_and_standing(browser, make, administrator):
    make.authority("Camden")
    make.supplier("Binfold")
    make.supplier("Lintelwick", stage=Standing.SUSPENDED)

    def found(query):
        return sorted(names(browser.as_(administrator).get(f"/admin/organisations{query}")))

    assert found("") == ["Binfold", "Camden", "LOTI", "Lintelwick"]
    assert found("?kind=supplier") == ["Binfold", "Lintelwick"]
    assert found("?kind=supplier&standing=suspended") == ["Lintelwick"]
    assert found("?kind=authority&kind=loti") == ["Camden", "LOTI"]
    browser.get("/admin/organisations?kind=public")
    assert browser.status == 404


def test_the_list_goes_on_where_a_page_ends(browser, make, administrator):
    for number in range(60):
        make.authority(f"Authority {number:02}")
    browser.as_(administrator).get("/admin/organisations?kind=authority")
    few = len(browser.queries)

    found, address = [], "/admin/organisations?kind=authority"
    while address:
        seen = browser.get(address)
        assert len(browser.queries) <= few + 1  # where the page before ended
        found += names(seen)
        later = seen.select_one("a[rel=next]")
        address = f"/admin/organisations{later['href']}" if later else ""

    assert found == [f"Authority {number:02}" for number in range(60)]


def test_an_organisations_page_says_what_it_is_and_who_acts_for_it(
    browser, make, administrator, binfold
):
    make.actor(binfold, Role.MANAGER, name="Dan Fletcher")

    seen = browser.as_(administrator).main(f"/admin/organisations/{binfold.id}")

    text = seen.get_text(" ", strip=True)
    assert "Folding Bins Holdings Limited" in text
    assert "01234567" in text
    row = seen.select_one("#members tbody tr").get_text(" ", strip=True)
    assert "Dan Fletcher" in row
    assert "Manager" in row
    assert not seen.select("#domains"), "suppliers are not joined by domain"


# ---- Suspending


def test_suspending_an_organisation_puts_its_people_out_at_once(
    enter, make, administrator, binfold, session
):
    manager = make.actor(binfold, Role.MANAGER, name="Dan Fletcher")
    theirs, lotis = enter(manager), enter(administrator)
    assert theirs.get("/home").select('form[action="/sign-out"]')

    seen = lotis.get(f"/admin/organisations/{binfold.id}/suspend")
    assert "signed out at once" in seen.text
    lotis.post(f"/admin/organisations/{binfold.id}/suspend", because="")
    assert lotis.status == 422
    assert "Enter why it is suspended" in lotis.text
    assert theirs.get("/home").select('form[action="/sign-out"]')
    seen = lotis.post(
        f"/admin/organisations/{binfold.id}/suspend", because="Its insurance has run out."
    )
    assert "Binfold is suspended. Its people are signed out." in seen.text

    assert not theirs.get("/").select('form[action="/sign-out"]')
    seen = lotis.post(f"/admin/organisations/{binfold.id}/restore")
    assert "Binfold is restored" in seen.text
    assert not theirs.get("/").select('form[action="/sign-out"]'), "a session does not come back"
    assert enter(manager).get("/home").select('form[action="/sign-out"]')
    told = session.exec(select(Event).where(Event.about_id == binfold.id)).all()
    assert {event.verb for event in told} == {
        Verb.ORGANISATION_SUSPEND,
        Verb.ORGANISATION_RESTORE,
    }
    assert told[0].person_name == "Grace Boateng"


def test_its_people_read_at_sign_in_that_it_is_suspended_and_why(
    enter, make, administrator, binfold
):
    manager = make.actor(binfold, Role.MANAGER, name="Dan Fletcher")
    enter(administrator).post(
        f"/admin/organisations/{binfold.id}/suspend", because="Its insurance has run out."
    )

    seen = enter(manager).get("/home")

    assert "Binfold is suspended" in seen.text
    assert "Its insurance has run out." in seen.text
    assert "marketplace@loti.example" in seen.text


def test_whoever_acts_for_another_organisation_too_goes_on_acting_for_that(
    enter, make, administrator, binfold
):
    manager = make.actor(binfold, Role.MANAGER, name="Dan Fletcher")
    person = make.session.get_one(type(make.person()), manager.person_id)
    lintelwick = make.member(person, make.supplier("Lintelwick"), Role.MANAGER)
    other = enter(lintelwick)

    enter(administrator).post(f"/admin/organisations/{binfold.id}/suspend", because="A reason.")

    assert "Lintelwick" in other.get("/home").text


def test_only_lotis_administrators_suspend_and_loti_itself_stays(
    browser, make, binfold, administrator, session
):
    for role in (Role.CURATOR, Role.ASSESSOR, Role.SUPPORT):
        looking = make.actor(make.loti(), role)
        seen = browser.as_(looking).get(f"/admin/organisations/{binfold.id}")
        assert browser.status == 200
        assert "Suspend Binfold" not in seen.text
        browser.post(f"/admin/organisations/{binfold.id}/suspend", because="I want to.")
        assert browser.status == 403
    loti = make.loti()
    browser.as_(administrator).post(f"/admin/organisations/{loti.id}/suspend", because="Why not.")
    assert browser.status == 403
    session.expire_all()
    stages = session.exec(select(Organisation.stage)).all()
    assert set(stages) == {Standing.ACTIVE}


def test_suspending_twice_says_how_it_stands(browser, administrator, binfold):
    address = f"/admin/organisations/{binfold.id}/suspend"
    browser.as_(administrator).post(address, because="A reason.")
    browser.post(address, because="Another reason.")
    assert browser.status == 409
    browser.get(address)
    assert browser.status == 409


# ---- Entering an authority


def test_an_administrator_enters_an_authority_with_its_domains(
    browser, administrator, session, make
):
    make.organisation("Camden", Kind.AUTHORITY, slug="old-oak")
    seen = browser.as_(administrator).post(
        "/admin/organisations/register",
        name="Old Oak and Park Royal  Development Corporation",
        short_name="Old Oak",
        authority_type="gla-group",
        site="https://www.london.gov.uk/opdc",
        domains="@OPDC.london.gov.uk\nopdc.gov.uk.",
    )

    made = session.exec(select(Organisation).where(Organisation.short_name == "Old Oak")).one()
    assert made.name == "Old Oak and Park Royal Development Corporation"
    assert (made.slug, made.kind) == ("old-oak-2", Kind.AUTHORITY)
    assert made.authority_type is AuthorityType.GLA_GROUP
    assert seen.h1.get_text() == made.name
    domains = session.exec(select(MailDomain.domain).order_by(MailDomain.domain)).all()
    assert domains == ["opdc.gov.uk", "opdc.london.gov.uk"]
    verbs = session.exec(select(Event.verb).where(Event.about_id == made.id)).all()
    assert sorted(verbs) == [Verb.DOMAIN_ADD] * 2 + [Verb.ORGANISATION_REGISTER]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"name": ""}, "Enter name"),
        ({"name": "london borough of CAMDEN"}, "London Borough of Camden is in the register"),
        ({"authority_type": ""}, "Select kind of authority"),
        ({"site": "www.example"}, "Website must be an address"),
        ({"domains": "opdc.gov.uk\nnot a domain"}, "“not a domain” is not a domain"),
        ({"domains": "camden.gov.uk"}, "camden.gov.uk is a domain of Camden"),
        ({"domains": "gmail.com"}, "Leave gmail.com out, because anybody can get an address"),
    ],
)
def test_what_is_wrong_with_a_new_authority_is_said_at_the_question(
    browser, make, administrator, session, answer, says
):
    camden = make.authority("London Borough of Camden", short_name="Camden")
    make(MailDomain(domain="camden.gov.uk", organisation_id=camden.id))
    given = {
        "name": "Old Oak",
        "authority_type": "other",
        "domains": "opdc.gov.uk",
        "short_name": "Kept as typed",
    }

    seen = browser.as_(administrator).post("/admin/organisations/register", **(given | answer))

    assert browser.status == 422
    assert says in seen.select_one(".govuk-error-summary").get_text()
    assert seen.select_one("[name=short_name]")["value"] == "Kept as typed"
    assert len(session.exec(select(Organisation)).all()) == 2


def test_only_an_administrator_enters_an_authority(browser, make):
    browser.as_(make.support()).get("/admin/organisations/register")
    assert browser.status == 403
    browser.post("/admin/organisations/register", name="Mine", authority_type="other")
    assert browser.status == 403
    seen = browser.get("/admin/organisations")
    assert "Enter an authority" not in seen.text


# ---- History


def test_the_history_says_who_did_what_to_whom_and_goes_on(browser, make, administrator, session):
    camden = make.authority("Camden")
    tom = make.actor(camden, Role.ADMINISTRATOR, name="Tom Whitfield")
    amara = make.actor(camden, Role.AUTHOR, name="Amara Okafor")
    for number in range(15):
        roles = [Role.AUTHOR] if number % 2 else [Role.APPROVER]
        browser.as_(tom).post(f"/organisation/people/{amara.membership_id}/roles", roles=roles)
    browser.post("/organisation/invitations/new", email="jo@camden.gov.uk", roles=["author"])
    browser.as_(administrator)
    for number in range(15):
        given = {"authority": str(camden.id), "domain": f"team-{number}.camden.gov.uk"}
        browser.post("/admin/domains/add", **given)

    seen = browser.get(f"/admin/organisations/{camden.id}")
    few = len(browser.queries)
    assert len(seen.select(".moj-timeline__item")) == 10
    seen = browser.get(seen.find("a", string="The whole history")["href"])
    entries = seen.select(".moj-timeline__item")
    assert len(entries) == 25
    first = entries[0].get_text(" ", strip=True)
    assert first.startswith("Mail domain added by Grace Boateng, LOTI")
    assert first.endswith("team-14.camden.gov.uk")
    assert "jo@camden.gov.uk" in entries[15].get_text()
    seen = browser.get(seen.select_one("a[rel=next]")["href"])
    entries = seen.select(".moj-timeline__item")
    assert len(entries) == 6
    last = entries[-1].get_text(" ", strip=True)
    assert last.startswith("Roles changed by Tom Whitfield")
    assert "Amara Okafor" in last
    assert few <= 8


def test_what_a_supplier_signed_and_how_many_people_cost_no_more_queries(
    browser, make, administrator, binfold
):
    browser.as_(administrator).get(f"/admin/organisations/{binfold.id}")
    few = len(browser.queries)
    for number in range(60):
        make.actor(binfold, Role.MANAGER, name=f"Person {number:02}")
    seen = browser.get(f"/admin/organisations/{binfold.id}")
    assert len(browser.queries) == few
    assert len(seen.select("#members tbody tr")) == 50
    seen = browser.get(seen.select_one("a[rel=next]")["href"])
    assert len(seen.select("#members tbody tr")) == 10
