"""Standards of a tender: comply or explain, and an equivalent is always accepted."""

import pytest
from sqlmodel import select

from auth.actor import VISITOR
from marketplace.tenders.models import Demand
from tests.tenders.drafting import Drafted, answers

ACCESS = "WCAG, without the two words that the law wants."


@pytest.fixture
def held(tender: Drafted, make) -> Drafted:
    """A draft that two mandatory standards and a recommended one apply to."""
    make.standard("WCAG22-AA", title="Web accessibility", clause=ACCESS)
    make.standard("CE", title="Cyber Essentials", rules=[{"obligation": "mandatory"}])
    make.standard("OPEN", title="Open source", rules=[{"obligation": "recommended"}])
    sections = answers()
    sections["requirements"] |= {"attributes": ["user-interface"]}
    browser = tender.as_author()
    for section in ("scope", "requirements"):
        browser.post(f"{tender.work}/sections/{section}", **sections[section])
    return tender


def test_leaving_out_what_is_mandatory_needs_a_reason_that_everybody_reads(held: Drafted, session):
    browser = held.as_author()
    says = "Say whether you ask for Web accessibility, which is mandatory here"
    assert says in held.blockers()
    page = browser.get(f"{held.work}/standards")
    links = {str(one["href"]): one.text for one in page.select("#mandatory-standards a")}
    place = next(href for href, text in links.items() if "Web accessibility" in text)
    seen = browser.post(place, included="false", because=" ")
    assert browser.status == 422
    assert "Enter the reason why it is left out" in seen.select_one("#because-error").text
    browser.post(place, included="false", because="Nobody looks at it.")
    assert browser.status == 200
    assert says not in held.blockers()
    session.rollback()
    made = session.exec(select(Demand)).one()
    assert (made.included, made.because, made.clause) == (False, "Nobody looks at it.", "")
    session.rollback()
    browser.post(f"{held.work}/standards")
    browser.get(f"{held.work}/standards")
    assert "Nobody looks at it." in browser.text, "what was decided stays decided"
    assert not [one for one in held.blockers() if "mandatory" in one]
    held.ready()
    held.publish()
    seen = browser.as_(VISITOR).main(f"/tenders/{held.id}")
    left_out = seen.find("h3", string="Standards that are left out").find_next("ul").text
    assert "Web accessibility" in left_out
    assert "Nobody looks at it." in left_out
    assert "Cyber Essentials" in seen.find("h3", string="Mandatory standards").find_next("ul").text


def test_what_is_asked_for_accepts_an_equivalent_whatever_its_clause_says(held: Drafted, session):
    browser = held.as_author()
    seen = browser.post(f"{held.work}/standards")
    assert "2 standards are asked for now" in seen.text
    session.rollback()
    clauses = [one.clause for one in session.exec(select(Demand))]
    assert f"{ACCESS} An equivalent is accepted." in clauses
    assert all("equivalent" in one for one in clauses)
    session.rollback()
    assert "Open source" in browser.get(f"{held.work}/standards").select_one("details").text
    browser.as_(held.approvers["Hackney"]).post(f"{held.work}/standards")
    assert browser.status == 403
