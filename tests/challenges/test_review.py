"""From a draft to the public: LOTI publishes it or asks for edits, and the preview is true."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from auth.actor import CLOCK
from marketplace.challenges import actions
from marketplace.challenges.models import Challenge, Stage
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from tests.challenges.answers import events, fill_in, fresh, in_days


@pytest.fixture
def camden(make):
    return make.authority("Camden")


@pytest.fixture
def writer(make, camden):
    return make.author(camden)


@pytest.fixture
def curator(make):
    return make.curator()


@pytest.fixture
def submitted(browser, make, camden, writer):
    draft = make(Challenge(organisation_id=camden.id))
    fill_in(browser.as_(writer), draft)
    browser.post(f"/challenges/{draft.id}/submit")
    return draft


def test_what_is_sent_waits_for_loti_and_the_author_is_told_so(browser, submitted, session):
    seen = browser.get(f"/challenges/{submitted.id}")
    assert "LOTI is reviewing this." in seen.select_one(".app-next").text
    assert seen.select_one(".govuk-tag--blue").text == "Submitted to LOTI"
    assert fresh(session, submitted).submitted_at
    browser.get(f"/challenges/{submitted.id}/edit")
    assert browser.status == 409


def test_loti_publishes_and_everybody_sees_it(browser, submitted, curator, make, session):
    seen = browser.as_(curator).get(f"/challenges/{submitted.id}/review")
    assert "Everybody sees it at once" in seen.text
    seen = browser.post(seen.select_one("form[action$='/approve']")["action"])
    assert "Published. Everybody can see it now." in seen.text
    seen = browser.as_(make.manager(make.supplier())).get(f"/challenges/{submitted.id}")
    assert seen.select_one("h1").text == "Bins that are missed"
    assert fresh(session, submitted).published_at


def test_loti_asks_for_edits_and_the_author_reads_it_beside_the_part(
    browser, submitted, curator, writer, session
):
    url = f"/challenges/{submitted.id}/return"
    seen = browser.as_(curator).post(url, about="dates", message="")
    assert browser.status == 422
    assert "Enter what should be changed, and why" in seen.select_one(".govuk-error-summary").text
    browser.post(url, about="dates", message="Give **others** more time.")

    seen = browser.as_(writer).get(f"/challenges/{submitted.id}/edit")
    banner = seen.select_one(".govuk-notification-banner")
    assert "Set the dates" in banner.text
    assert banner.select_one("strong + *, div strong").text
    assert "LOTI asked for a change here" in seen.select_one(".app-tasks").text
    seen = browser.get(f"/challenges/{submitted.id}/edit/dates")
    assert seen.select_one(".govuk-inset-text strong").text == "others"
    assert not browser.get(f"/challenges/{submitted.id}/edit/need").select(".govuk-inset-text")

    browser.post(f"/challenges/{submitted.id}/submit")
    seen = browser.as_(curator).get(f"/challenges/{submitted.id}/review")
    assert "What LOTI asked for last time: Set the dates" in seen.text
    browser.post(f"/challenges/{submitted.id}/approve")
    assert fresh(session, submitted).remark == ""


def test_asking_for_edits_about_a_part_that_is_none_is_refused(browser, submitted, curator):
    browser.as_(curator).post(
        f"/challenges/{submitted.id}/return", about="everything", message="Shorter."
    )
    assert browser.status == 422


@pytest.mark.parametrize("step", ["return", "approve"])
def test_only_a_curator_reviews(browser, submitted, make, writer, step):
    for person in (writer, make.author(make.authority("Hackney")), make.actor(make.loti())):
        browser.as_(person).post(f"/challenges/{submitted.id}/{step}", message="Now")
        assert browser.status in (403, 404)
        browser.get(f"/challenges/{submitted.id}/review")
        assert browser.status in (403, 404)


def test_loti_cannot_publish_what_would_close_the_same_day(browser, make, camden, curator):
    late = make.challenge(camden, Stage.SUBMITTED, closes_on=in_days(0))
    seen = browser.as_(curator).get(f"/challenges/{late.id}/review")
    assert not seen.select("form[action$='/approve']")
    assert "Change the dates first." in seen.text
    browser.post(f"/challenges/{late.id}/approve")
    assert browser.status == 409


def test_where_loti_does_not_review_sending_publishes(make, camden, writer, session, marketplace):
    challenge = make.challenge(camden, Stage.DRAFT)
    settings = marketplace.settings.model_copy(update={"review": False})
    ctx = Context(session, writer, datetime.now(UTC), settings)
    actions.submit(ctx, challenge)
    assert (challenge.stage, challenge.published_at is not None) == (Stage.OPEN, True)
    session.commit()
    sent, published = events(session, "challenge.submit") + events(session, "challenge.approve")
    assert sent.created_at < published.created_at
    assert published.person_name == CLOCK.name


def test_two_curators_publish_once(make, camden, curator, session, marketplace):
    challenge = make.challenge(camden, Stage.SUBMITTED)
    ctx = Context(session, curator, datetime.now(UTC), marketplace.settings)
    actions.approve(ctx, challenge)
    with pytest.raises(Conflict, match="at the stage “open”"):
        actions.approve(replace(ctx), challenge)


def test_the_preview_equals_what_is_published(browser, submitted, curator, writer, make):
    preview = browser.as_(writer).get(f"/challenges/{submitted.id}/preview")
    browser.as_(curator).post(f"/challenges/{submitted.id}/approve")
    published = browser.as_(make.manager(make.supplier())).get(f"/challenges/{submitted.id}")
    for part in ("#need", "dl.app-facts", ".app-columns", ".app-map"):
        assert preview.select_one(part) == published.select_one(part), part
    button = preview.select_one(".app-next button")
    assert button.has_attr("disabled")
    assert not preview.select("main form")
    browser.as_(writer).get(f"/challenges/{submitted.id}/preview")
    assert browser.status == 404, "what is published needs no preview"


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.SUBMITTED, Stage.RETURNED])
def test_a_preview_is_for_the_authority_and_loti_only(browser, make, camden, stage):
    challenge = make.challenge(camden, stage)
    url = f"/challenges/{challenge.id}/preview"
    browser.as_(make.approver(camden)).get(url)
    assert browser.status == 200
    browser.as_(make.author(make.authority("Hackney"))).get(url)
    assert browser.status == 404
