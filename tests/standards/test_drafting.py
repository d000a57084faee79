"""A curator drafts a standard: section by section, and nothing that was typed is lost."""

import pytest
from sqlmodel import select

from marketplace.core.journal import Event
from marketplace.standards.models import Requirement, Stage, Standard, StandardVersion
from tests.challenges.answers import fresh
from tests.standards.answers import NAME, answers, fill_in, rule


@pytest.fixture
def curator(browser, make):
    return browser.as_(make.curator())


@pytest.fixture
def draft(curator, session):
    curator.post("/standards", **NAME)
    return session.exec(select(StandardVersion)).one()


@pytest.fixture
def at(draft):
    return f"/standards/{draft.standard_id}"


def statuses(seen):
    return {
        item.select_one(".govuk-task-list__name-and-hint > :first-child").get_text(
            strip=True
        ): item.select_one(".govuk-task-list__status").get_text(strip=True)
        for item in seen.select(".govuk-task-list__item")
    }


def test_a_name_begins_a_draft_and_the_task_list_says_what_is_left(curator, draft, at):
    seen = curator.get(f"{at}/edit")
    assert seen.h1.text == "Draft of version 1: Web accessibility"
    assert statuses(seen) == {
        "Say what the standard is called": "Completed",
        "Describe this version": "Not started",
        "List the requirements": "Not started",
        "Say which products it applies to": "Not started",
        "Say what is accepted as evidence": "Not started",
        "Say how it is checked": "Not started",
        "Write the words for a tender": "Not started",
        "Check your answers and publish them": "Cannot start yet",
    }


def test_a_short_name_that_is_taken_or_badly_made_is_refused_at_the_field(curator, draft, session):
    seen = curator.post("/standards", **{**NAME, "key": "wcag22-aa"})
    assert curator.status == 422
    problem = seen.select_one(".govuk-error-summary a[href='#key']")
    assert problem.text == "Another standard has this short name"
    assert seen.select_one("#title")["value"] == "Web accessibility", "what was typed is kept"
    seen = curator.post("/standards", **{**NAME, "key": "no!"})
    assert "letters, figures and single hyphens" in seen.select_one(".govuk-error-summary").text
    assert len(session.exec(select(Standard)).all()) == 1


def test_when_all_is_answered_it_is_checked_and_published(curator, draft, at, session):
    fill_in(curator, draft.standard_id)
    seen = curator.get(f"{at}/check")
    assert "Mandatory when the product has a user interface." in seen.text
    assert "2.4.11 Focus is not hidden, essential" in seen.text
    seen = curator.get(f"{at}/publish")
    assert "A published version cannot be changed." in seen.text
    curator.post(f"{at}/publish")
    published = fresh(session, draft)
    assert (published.stage, published.typed) == (Stage.PUBLISHED, {})
    assert (published.label, published.valid_months) == ("2.2", 12)
    points = session.exec(select(Requirement).order_by(Requirement.position)).all()
    assert [(one.position, one.title, one.essential) for one in points] == [
        (1, "Focus is not hidden", True),
        (2, "Targets are large enough", False),
    ]
    seen = curator.get(at)
    assert "or equivalent" in seen.select_one("#clause").text
    assert seen.select_one(".app-heading .govuk-tag").text == "Published"


def test_what_is_missing_keeps_it_from_being_published(curator, draft, at, session):
    fill_in(curator, draft.standard_id, "verify")
    seen = curator.get(f"{at}/publish")
    assert seen.h1.text == "Check your answers before you publish them"
    assert seen.select_one("a[href$='/edit/verify']")
    curator.post(f"{at}/publish")
    assert curator.status == 409
    assert "First say how it is checked." in curator.text
    assert fresh(session, draft).stage == Stage.DRAFT


def test_requirements_are_added_moved_and_removed_without_losing_what_was_typed(
    curator, draft, at, session
):
    url, two = f"{at}/edit/requirements", answers()["requirements"]
    seen = curator.send(url, {**two, "do": "add"})
    assert len(seen.select(".app-row")) == 3
    seen = curator.send(url, {**two, "do": "up-1"})
    titles = [box["value"] for box in seen.select("input[name$=-title]")]
    assert titles == ["Targets are large enough", "Focus is not hidden"]
    seen = curator.send(url, {**two, "do": "remove-0"})
    assert [box["value"] for box in seen.select("input[name$=-title]")] == [
        "Targets are large enough"
    ]
    assert [one["title"] for one in fresh(session, draft).typed["requirements"]] == [
        "Targets are large enough"
    ]


@pytest.mark.parametrize("button", ["up-9", "remove-x", "down-", "nonsense", "more-99999999999"])
def test_a_button_that_is_not_there_changes_nothing(curator, draft, at, button):
    seen = curator.send(f"{at}/edit/requirements", {**answers()["requirements"], "do": button})
    assert curator.status == 200
    assert len(seen.select(".app-row")) == 2


def test_a_requirement_without_words_is_pointed_out_at_its_field(curator, draft, at, session):
    typed = {"requirements-0-guidance": "Press tab.", "requirements-0-title": " "}
    seen = curator.send(f"{at}/edit/requirements", typed)
    assert curator.status == 422
    link = seen.select_one(".govuk-error-summary a")
    assert link.text == "Requirement 1: Enter what is required"
    assert seen.select_one(link["href"])
    assert seen.select_one("textarea[name$=-guidance]").text.strip() == "Press tab."
    assert fresh(session, draft).typed["requirements"], "what was typed is kept all the same"


WRONG = {
    "it contradicts itself": (
        rule(0, "mandatory", "must:health", "not:health"),
        "it asks for a product that “is used in health or social care” and at the same time does",
    ),
    "it catches everything by accident": (
        {"rules-0-obligation": "mandatory", "rules-0-condition": ""},
        "it has no condition, so it would catch everything",
    ),
    "it is for everything and not": (
        {**rule(0, "recommended", "must:health"), "rules-0-everything": "true"},
        "it has conditions and is also meant for everything",
    ),
    "it does not say how far it binds": (
        rule(0, "", "must:health"),
        "select whether the standard is mandatory or recommended",
    ),
    "its value is no amount": (
        {**rule(0, "mandatory"), "rules-0-contract_over": "lots"},
        "the value must be an amount in pounds",
    ),
    "its condition is made up": (rule(0, "mandatory", "must:magic"), "select conditions from"),
}


@pytest.mark.parametrize("why", WRONG)
def test_a_rule_is_refused_at_its_field_when(curator, draft, at, session, why):
    typed, sentence = WRONG[why]
    seen = curator.send(f"{at}/edit/rules", typed)
    assert curator.status == 422
    link = seen.select_one(".govuk-error-summary a")
    assert link.text.startswith("Rule 1: ")
    assert sentence in link.text
    assert seen.select_one(link["href"])
    assert fresh(session, draft).typed["rules"], "what was chosen is kept"


def test_a_clause_that_names_a_standard_must_accept_what_is_equivalent(curator, draft, at, make):
    make.product(make.supplier(), name="Roundwise")
    url = f"{at}/edit/clause"
    for clause, named in (
        ("The supplier holds BS EN 301 549.", "BS EN 301"),
        ("The product meets Web accessibility.", "Web accessibility"),
        ("It must work with Roundwise.", "Roundwise"),
    ):
        seen = curator.post(url, clause=clause)
        assert curator.status == 422, clause
        assert f"name “{named}" in seen.select_one(".govuk-error-summary").text
        assert seen.select_one("#clause").text.strip() == clause
        curator.post(url, clause=f"{clause} Or equivalent.")
        assert curator.status == 200
    curator.post(url, clause="Everybody can use every page with a keyboard.")
    assert curator.status == 200


def test_days_in_the_wrong_order_are_refused_at_the_field(curator, draft, at):
    seen = curator.post(
        f"{at}/edit/version",
        **answers()["version"],
        in_force_on__day="4",
        in_force_on__month="10",
        in_force_on__year="2023",
    )
    assert curator.status == 422
    assert seen.select_one(".govuk-error-summary a[href='#in_force_on-day']")
    assert seen.select_one("#label")["value"] == "2.2"


def test_what_is_typed_is_saved_as_one_goes(curator, draft, at, session):
    curator.post(f"{at}/edit/verify?autosave=true", "saved", verify="Read the rep")
    assert "Saved automatically at" in curator.text
    assert "Not published yet." in curator.text
    assert fresh(session, draft).typed["verify"] == "Read the rep"


def test_a_colleague_who_was_quicker_is_not_overwritten(curator, draft, at, make, session):
    first = curator.get(f"{at}/edit/verify")
    page, since = (first.select_one(f"[name={name}]")["value"] for name in ("page", "since"))
    curator.as_(make.curator()).post(f"{at}/edit/verify", verify="Theirs")
    seen = curator.post(f"{at}/edit/verify", verify="Mine", page=page, since=since)
    assert curator.status == 409
    assert "changed this part after you opened it" in seen.text
    assert seen.select_one("#verify").text.strip() == "Mine"
    assert fresh(session, draft).typed["verify"] == "Theirs"


def test_saving_what_is_there_already_is_no_event(curator, draft, at, session):
    for _ in range(2):
        curator.send(f"{at}/edit/rules", answers()["rules"])
    session.rollback()
    saved = session.exec(select(Event).where(Event.verb == "standard.edit")).all()
    assert len(saved) == 1


def test_a_first_draft_that_is_deleted_takes_the_standard_with_it(curator, draft, at, session):
    assert "the standard itself is deleted" in curator.get(f"{at}/discard").text.lower()
    curator.post(f"{at}/discard")
    session.rollback()
    assert not session.exec(select(Standard)).all()
    assert not session.exec(select(StandardVersion)).all()


def test_a_draft_can_be_looked_at_as_others_will_see_it(curator, draft, at):
    fill_in(curator, draft.standard_id, "verify")
    seen = curator.get(f"{at}/versions/1")
    assert "This is a draft, as it will look." in seen.text
    assert "Focus is not hidden" in seen.text


@pytest.mark.parametrize("who", ["author", "manager", "support", "visitor"])
def test_nobody_else_drafts_or_sees_a_draft(browser, make, curator, draft, at, who):
    somebody = {
        "author": lambda: make.author(make.authority()),
        "manager": lambda: make.manager(make.supplier()),
        "support": make.support,
        "visitor": None,
    }[who]
    from auth.actor import VISITOR

    browser.as_(somebody() if somebody else VISITOR)
    browser.post("/standards", **NAME)
    assert browser.status == 403
    hidden = 403 if who == "support" else 404
    for url in ("edit", "edit/about", "check", "publish", "discard"):
        browser.get(f"{at}/{url}")
        assert browser.status == hidden, url
    browser.post(f"{at}/edit/about", **NAME)
    assert browser.status == hidden
    browser.get(at)
    assert browser.status == (200 if who == "support" else 404)
