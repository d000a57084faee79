"""LOTI keeps the list of the domains by which authorities are joined."""

import pytest
from sqlmodel import select

from auth.actor import Role
from marketplace.core.journal import Event
from marketplace.people.domain_names import SHARED, normal
from marketplace.people.models import MailDomain
from marketplace.verbs import Verb


@pytest.fixture
def support(make):
    return make.support()


@pytest.fixture
def camden(make):
    return make.authority("Camden")


def domains(session):
    session.rollback()
    return session.exec(select(MailDomain.domain).order_by(MailDomain.domain)).all()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("camden.gov.uk", "camden.gov.uk"),
        ("  Camden.GOV.uk ", "camden.gov.uk"),
        ("@camden.gov.uk", "camden.gov.uk"),
        ("..camden.gov.uk.", "camden.gov.uk"),
        ("@.mail-2.camden.gov.uk", "mail-2.camden.gov.uk"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("camden\u3002gov\u3002uk", "camden.gov.uk"),
    ],
)
def test_a_domain_is_kept_as_mail_writes_it(typed, kept):
    assert normal(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "@",
        "camden",
        "camden gov uk",
        "camden..gov.uk",
        "amara@camden.gov.uk",
        "https://camden.gov.uk",
        "camden.gov.uk/mail",
        "camden_.gov.uk",
        "-camden.gov.uk",
        "camden-.gov.uk",
        "127.0.0.1",
        "*.gov.uk",
        f"{'a' * 64}.gov.uk",
        ".".join(["abcdefgh"] * 40),
        "camden.gov.uk\nhackney.gov.uk",
        "\u202ecamden.gov.uk",
    ],
)
def test_what_is_no_domain_is_refused_with_a_sentence(typed):
    with pytest.raises(ValueError, match="like camden"):
        normal(typed)


def test_the_shared_ones_are_written_as_they_are_kept():
    for domain, why in SHARED.items():
        assert normal(domain) == domain
        assert why[0].islower(), "it goes on after a comma"


def test_support_adds_a_domain_and_it_is_journalled_about_the_authority(
    browser, support, camden, session
):
    seen = browser.as_(support).get(f"/admin/organisations/{camden.id}")
    assert "No domain is on its list" in seen.text
    seen = browser.get(seen.find("a", string="Add a domain")["href"])
    assert seen.select_one("#authority option[selected]").get_text() == "Camden"
    assert not seen.select("#on_purpose"), "it is asked when there is a reason"

    seen = browser.post("/admin/domains/add", authority=str(camden.id), domain="@Camden.gov.uk")

    assert seen.h1.get_text() == "Camden"
    assert "camden.gov.uk" in seen.select_one("main").get_text()
    assert domains(session) == ["camden.gov.uk"]
    event = session.exec(select(Event).where(Event.verb == Verb.DOMAIN_ADD)).one()
    assert event.about_id == camden.id
    assert event.facts == {"domain": "camden.gov.uk"}


def test_a_domain_that_is_there_already_is_a_duplicate(browser, make, support, camden, session):
    make(MailDomain(domain="camden.gov.uk", organisation_id=camden.id))

    seen = browser.as_(support).post(
        "/admin/domains/add", authority=str(camden.id), domain="CAMDEN.gov.uk", on_purpose="true"
    )

    assert browser.status == 422
    summary = seen.select_one(".govuk-error-summary a")
    assert summary.get_text() == "camden.gov.uk is on the list of Camden already"
    assert summary["href"] == "#domain"
    assert seen.select_one("#domain")["value"] == "CAMDEN.gov.uk"
    assert domains(session) == ["camden.gov.uk"]


def test_a_malformed_domain_is_said_to_be_one(browser, support, camden, session):
    seen = browser.as_(support).post(
        "/admin/domains/add", authority=str(camden.id), domain="amara@camden.gov.uk"
    )
    assert browser.status == 422
    assert "Enter a domain as it stands after the @" in seen.select_one("#domain-error").get_text()
    browser.post("/admin/domains/add", authority="", domain="camden.gov.uk")
    assert browser.status == 422
    assert "Select the authority" in browser.text
    assert domains(session) == []


def test_a_domain_of_another_authority_is_shared_only_on_purpose(
    browser, make, support, camden, session
):
    make(MailDomain(domain="shared.gov.uk", organisation_id=make.authority("Islington").id))

    given = {"authority": str(camden.id), "domain": "shared.gov.uk"}
    seen = browser.as_(support).post("/admin/domains/add", **given)
    assert browser.status == 422
    assert "shared.gov.uk is on the list of Islington" in seen.text
    assert seen.select_one("input[name=on_purpose]")
    browser.post("/admin/domains/add", **given, on_purpose="true")

    assert browser.status == 200
    assert domains(session) == ["shared.gov.uk", "shared.gov.uk"]


@pytest.mark.parametrize("domain", ["gmail.com", "nhs.net", "gov.uk"])
def test_a_domain_that_is_nobodys_own_is_warned_about(browser, support, camden, session, domain):
    given = {"authority": str(camden.id), "domain": domain}
    seen = browser.as_(support).post("/admin/domains/add", **given)
    assert browser.status == 422
    assert SHARED[domain] in seen.select_one(".govuk-error-summary").get_text()
    assert domains(session) == []
    browser.post("/admin/domains/add", **given, on_purpose="true")
    assert domains(session) == [domain]


def test_only_authorities_have_domains(browser, make, support, session):
    binfold = make.supplier("Binfold")
    seen = browser.as_(support).get("/admin/domains/add")
    assert "Binfold" not in seen.select_one("#authority").get_text()
    browser.post("/admin/domains/add", authority=str(binfold.id), domain="binfold.example")
    assert browser.status == 422
    assert domains(session) == []


def test_removing_a_domain_is_a_page_of_its_own_and_members_stay(
    browser, make, support, camden, session
):
    domain = make(MailDomain(domain="camden.gov.uk", organisation_id=camden.id))
    make.actor(camden, Role.AUTHOR, name="Amara Okafor")

    seen = browser.as_(support).get(f"/admin/domains/{domain.id}/remove")
    assert "Whoever is a member stays one" in seen.text
    seen = browser.post(f"/admin/domains/{domain.id}/remove")

    assert "camden.gov.uk is no longer a domain of Camden" in seen.text
    assert "Amara Okafor" in seen.text
    assert domains(session) == []
    event = session.exec(select(Event).where(Event.verb == Verb.DOMAIN_REMOVE)).one()
    assert event.about_id == camden.id
    browser.post(f"/admin/domains/{domain.id}/remove")
    assert browser.status == 404


def test_other_roles_of_loti_read_the_list_and_change_nothing(browser, make, camden, session):
    domain = make(MailDomain(domain="camden.gov.uk", organisation_id=camden.id))
    for actor in (make.curator(), make.actor(make.loti(), Role.ASSESSOR)):
        for page in ("/admin/domains", f"/admin/organisations/{camden.id}"):
            seen = browser.as_(actor).main(page)
            assert "camden.gov.uk" in seen.get_text()
            assert not seen.select("a[href*=remove], a[href*='domains/add']")
        browser.get("/admin/domains/add")
        assert browser.status == 403
        browser.post("/admin/domains/add", authority=str(camden.id), domain="other.gov.uk")
        assert browser.status == 403
        browser.post(f"/admin/domains/{domain.id}/remove")
        assert browser.status == 403
    assert domains(session) == ["camden.gov.uk"]


def test_the_list_is_searched_and_goes_on_where_a_page_ends(browser, make, support, camden):
    for number in range(120):
        make(MailDomain(domain=f"team-{number:03}.gov.uk", organisation_id=camden.id))
    make(MailDomain(domain="hackney.gov.uk", organisation_id=make.authority("Hackney").id))

    def listed(seen):
        return [cell.get_text() for cell in seen.select("#domains tbody th")]

    found, address = [], "/admin/domains"
    browser.as_(support)
    while address:
        seen = browser.get(address)
        found += listed(seen)
        later = seen.select_one("a[rel=next]")
        address = f"/admin/domains{later['href']}" if later else ""
    assert len(found) == len(set(found)) == 121
    assert found == sorted(found)
    assert listed(browser.get("/admin/domains?q=Leila@Hackney")) == ["hackney.gov.uk"]
    assert "No domain has this in it" in browser.get("/admin/domains?q=brent").text
