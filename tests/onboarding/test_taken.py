"""A number belongs to one organisation: whoever comes second is led to the first."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from auth.actor import Role
from marketplace.core import db
from marketplace.core.errors import Problem
from marketplace.onboarding import actions, queries
from marketplace.onboarding.models import Identifier, Registration, SupplierFacts
from marketplace.organisations.models import Standing
from tests.onboarding.answers import answers, events, fill_in, suppliers
from tests.onboarding.test_registering import errors, registration

NUMBER = answers()["company"]


@pytest.fixture
def there(make):
    """A supplier with every kind of number."""
    supplier = make.supplier(
        "Brightwater Systems", companies_house_number="04142000", ppon="PDTL-7248-GWZW"
    )
    make(
        SupplierFacts(
            organisation_id=supplier.id, legal_name=supplier.name, vat_number="GB220430231"
        )
    )
    make(Identifier(organisation_id=supplier.id, text="GB-CHC-1164321"))
    return supplier


TAKEN = [
    ("company", NUMBER | {"companies_house_number": "4142000"}, "companies_house_number"),
    ("identifiers", {"vat_number": "220430231"}, "vat_number"),
    ("identifiers", {"ppon": "GB-PPON-PDTL-7248-GWZW"}, "ppon"),
    (
        "identifiers",
        {"charity_register": "GB-CHC", "charity_number": "1164321"},
        "charity_number",
    ),
]


@pytest.mark.parametrize(("section", "typed", "field"), TAKEN)
def test_a_number_that_is_taken_is_refused_with_the_way_to_who_has_it(
    ada, there, session, section, typed, field
):
    ada.post("/register")
    if section != "company":
        ada.post("/register/company", **NUMBER | {"companies_house_number": "09999999"})
    seen = ada.post(f"/register/{section}", **typed)
    assert ada.status == 422
    assert "Brightwater Systems is registered here already" in errors(seen)[f"#{field}"]
    assert seen.select_one(f"#{field}")["value"] == typed[field], "what was typed is kept"
    links = {link["href"] for link in seen.select(".govuk-notification-banner a")}
    assert links == {f"/organisations/{there.id}/join", f"/suppliers/{there.id}"}
    for link in links:
        ada.get(link)
        assert ada.status == 200, link
    assert registration(session).answers[field] == typed[field]


def test_who_is_suspended_keeps_its_number_and_is_not_led_to(ada, there, make):
    there.stage = Standing.SUSPENDED
    make(there)
    ada.post("/register")
    seen = ada.post("/register/company", **NUMBER)
    assert ada.status == 422
    assert "It is suspended at the moment." in seen.text
    assert not seen.select(".govuk-notification-banner a")


def test_what_was_taken_after_one_looked_is_refused_at_the_end(ada, make, session):
    fill_in(ada)
    other = make.supplier("Quicker Ltd", companies_house_number="04142000")
    seen = ada.post("/register/confirm")
    assert ada.status == 409
    assert "Quicker Ltd is registered here already" in seen.text
    assert seen.select_one(f"a[href='/organisations/{other.id}/join']")
    assert registration(session).stage == "draft"
    assert [one.name for one in suppliers(session)] == ["Quicker Ltd"]


# ---- Two at once


@pytest.fixture
def race(marketplace):
    """Does things at the same moment, each in a transaction of its own: what each came to."""

    def run(*works):
        start = Barrier(len(works))

        def one(work):
            start.wait(timeout=10)
            with db.writing(marketplace.engine) as session:
                try:
                    work(session)
                    session.commit()
                except Problem as why:
                    return str(why)
            return "done"

        with ThreadPoolExecutor(len(works)) as pool:
            return sorted(pool.map(one, works))

    return run


def typed(number="", **identifiers):
    given = answers(number)
    given["identifiers"] = identifiers
    if not number:
        given["company"] = {"constitution": "other"}
    return {name: value for section in given.values() for name, value in section.items()}


@pytest.mark.parametrize("attempt", range(10))
@pytest.mark.parametrize(
    "given",
    [typed("04142000"), typed(vat_number="GB220430231"), typed(duns="150483782")],
    ids=["company", "vat", "duns"],
)
def test_of_two_who_confirm_one_number_one_is_registered(
    make, marketplace, session, race, given, attempt
):
    people = [make.newcomer("Ada Park"), make.newcomer("Ben Okri")]
    for person in people:
        make(Registration(person_id=person.person_id, answers=given))

    def confirm(person):
        def work(opened):
            ctx = marketplace.context(opened, person)
            actions.confirm(ctx, queries.draft(ctx))

        return work

    told = race(*map(confirm, people))
    assert told == [
        "Brightwater Systems Limited is registered here already with one of these numbers.",
        "done",
    ]
    assert len(suppliers(session)) == 1
    assert len(events(session, "registration.confirm")) == 1


@pytest.mark.parametrize("attempt", range(10))
def test_two_of_one_name_get_a_slug_each(make, marketplace, session, race, attempt):
    people = [make.newcomer("Ada Park"), make.newcomer("Ben Okri")]
    for number, person in enumerate(people):
        make(Registration(person_id=person.person_id, answers=typed(f"0414200{number}")))

    def confirm(person):
        def work(opened):
            ctx = marketplace.context(opened, person)
            actions.confirm(ctx, queries.draft(ctx))

        return work

    assert race(*map(confirm, people)) == ["done", "done"]
    assert {one.slug for one in suppliers(session)} == {"brightwater", "brightwater-2"}


@pytest.mark.parametrize("attempt", range(10))
def test_a_registration_is_begun_once_however_often_one_presses(
    make, marketplace, session, race, attempt
):
    ada = make.newcomer()

    def begin(opened):
        actions.draft(marketplace.context(opened, ada))

    assert race(begin, begin, begin) == ["done"] * 3
    assert registration(session)


@pytest.mark.parametrize("attempt", range(10))
def test_of_two_who_sign_one_signs(make, marketplace, session, race, attempt):
    supplier = make.supplier(signed=False)
    people = [make.actor(supplier, Role.ADMINISTRATOR) for _ in range(2)]

    def sign(person):
        def work(opened):
            ctx = marketplace.context(opened, person)
            actions.sign(ctx, queries.own_organisation(ctx), "Ada Park", "Director")

        return work

    told = race(*map(sign, people))
    assert told[1] == "done"
    assert "has signed version" in told[0]
    assert len(events(session, "agreement.sign")) == 1


@pytest.mark.parametrize("attempt", range(10))
def test_loti_gives_a_number_to_one_of_two(make, marketplace, session, race, attempt):
    loti = make.loti_administrator()
    two = [make.supplier("One Ltd"), make.supplier("Two Ltd")]

    def correct(supplier):
        def work(opened):
            ctx = marketplace.context(opened, loti)
            given = {"legal_name": supplier.name, "companies_house_number": "04142000"}
            form = actions.Correcting(**given, reason="As the register has it")
            actions.correct(ctx, queries.supplier(ctx, supplier.id), form)

        return work

    told = race(*map(correct, two))
    assert told[1] == "done" or told[0] == "done"
    (refused,) = [one for one in told if one != "done"]
    assert "taken" in refused or "registered here already" in refused
    numbers = [one.companies_house_number for one in suppliers(session)]
    assert sorted(numbers, key=str) == ["04142000", None]
