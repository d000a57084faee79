"""`python -m marketplace invite`, as an operator types it."""

import pytest
from sqlmodel import select

from marketplace.core.journal import Event
from marketplace.people.models import Invitation
from marketplace.verbs import Verb


@pytest.fixture
def run(type_in):
    return lambda *arguments: type_in("invite", *arguments)


def test_the_first_administrator_comes_in_by_the_link_that_it_prints(run, browser, make, session):
    loti = make.loti()

    told = run("Grace.Boateng@loti.example", loti.slug)

    assert told.exit_code == 0, told.stderr
    link = told.stdout.splitlines()[-1]
    assert link.startswith("http://127.0.0.1:8000/invitations/")
    assert "grace.boateng@loti.example is invited to LOTI until" in told.stdout
    event = session.exec(select(Event).where(Event.verb == Verb.INVITATION_SEND)).one()
    assert event.organisation_name == "", "nobody's person did it"
    grace = make.newcomer("Grace Boateng", email="grace.boateng@loti.example")
    browser.as_(grace).post(link.removeprefix("http://127.0.0.1:8000"))
    again = run("grace.boateng@loti.example", loti.slug)
    assert again.exit_code == 2
    assert "is the address of a member of LOTI" in again.stderr


def test_roles_can_be_chosen(run, make, session):
    camden = make.authority("Camden")
    told = run("tom@camden.gov.uk", camden.slug, "--role", "author", "--role", "approver")
    assert told.exit_code == 0, told.stderr
    assert session.exec(select(Invitation)).one().roles == ["approver", "author"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("tom@camden.gov.uk", "nowhere"), "There is no organisation nowhere."),
        (("not an address", "{slug}"), "Enter an e-mail address in the right form"),
        (
            ("tom@camden.gov.uk", "{slug}", "--role", "manager"),
            "The roles of Camden are: author, approver, evaluator, administrator.",
        ),
    ],
)
def test_what_cannot_be_is_one_sentence(run, make, session, arguments, says):
    slug = make.authority("Camden").slug
    told = run(*(one.format(slug=slug) for one in arguments))
    assert told.exit_code == 2
    assert told.stderr.startswith(says)
    assert len(told.stderr.splitlines()) == 1
    assert not session.exec(select(Invitation)).all()
