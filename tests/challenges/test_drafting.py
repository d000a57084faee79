"""An authority drafts a challenge: section by section, and nothing that was typed is lost."""

from datetime import UTC, datetime, time
from uuid import UUID

import pytest
from sqlmodel import select

from marketplace.challenges.models import Attachment, Challenge, Stage
from tests.challenges.answers import answers, events, fill_in, fresh, in_days, typed_date


@pytest.fixture
def camden(make):
    return make.authority("Camden")


@pytest.fixture
def author(browser, make, camden):
    """The browser of somebody who writes for Camden."""
    return browser.as_(make.author(camden))


@pytest.fixture
def draft(make, camden):
    return make(Challenge(organisation_id=camden.id, typed={"title": "Bins that are missed"}))


def statuses(seen):
    tasks = {}
    for item in seen.select(".govuk-task-list__item"):
        name = item.select_one(".govuk-task-list__name-and-hint > :first-child").get_text(
            strip=True
        )
        tasks[name] = item.select_one(".govuk-task-list__status").get_text(strip=True)
    return tasks


def test_a_title_begins_a_draft_and_the_task_list_says_what_is_left(author):
    seen = author.post("/challenges", title="Bins that are missed")
    assert seen.select_one("h1").text == "Draft: Bins that are missed"
    assert statuses(seen) == {
        "Describe the need": "Incomplete",
        "Say who is affected and what should change": "Not started",
        "Say what exists today": "Not started",
        "Say what it must handle": "Optional",
        "Choose the area of work and CPV codes": "Not started",
        "Give an indicative budget": "Not started",
        "Set the dates": "Not started",
        "Say who to contact": "Not started",
        "Add documents": "Optional",
        "Check your answers and send them to LOTI": "Cannot start yet",
    }
    assert "First complete: Describe the need, Say who is affected" in seen.text
    assert not seen.select("a[href$='/check']")


def test_without_a_title_nothing_begins(author, session):
    seen = author.post("/challenges", title="  ")
    assert author.status == 422
    problem = seen.select_one(".govuk-error-summary a[href='#title']")
    assert problem.text == "Enter a title for the challenge"
    assert seen.title.text.startswith("Error: ")
    assert not session.exec(select(Challenge)).all()


def test_when_all_is_answered_the_draft_can_be_checked_and_sent(author, draft, session):
    fill_in(author, draft)
    seen = author.get(f"/challenges/{draft.id}/edit")
    assert set(statuses(seen).values()) == {"Completed", "Optional", "Not started"}
    seen = author.get(f"/challenges/{draft.id}/check")
    assert "48000000 Software package and information systems" in seen.text
    assert "Not provided" in seen.text, "blank optional answers say so"
    assert seen.select_one("form[action$='/submit'] button").text == "Send to LOTI"
    fresh(session, draft)
    assert (draft.cpv, draft.closes_on) == (["48000000", "90511000"], in_days(30))


def test_while_something_is_missing_there_is_no_button_to_send(author, draft):
    fill_in(author, draft, "budget")
    seen = author.get(f"/challenges/{draft.id}/check")
    assert not seen.select("form[action$='/submit']")
    assert seen.select_one("main a[href$='/edit/budget']")
    seen = author.post(f"/challenges/{draft.id}/submit")
    assert author.status == 409
    assert "First give an indicative budget." in seen.text


def test_change_on_the_check_page_leads_back_to_it(author, draft):
    fill_in(author, draft)
    seen = author.get(f"/challenges/{draft.id}/check")
    change = seen.select_one("a[href*='/edit/contact']")
    seen = author.get(change["href"])
    action = seen.select_one("form#section")["action"]
    seen = author.post(action, **answers()["contact"])
    assert seen.select_one("h1").text.startswith("Check your answers")


WRONG = [
    ("need", {"title": "x" * 121}, "title", "A title for the challenge must be 120 characters"),
    ("need", {"need": "x" * 5001}, "need", "What the problem is must be 5000 characters or fewer"),
    ("need", {"need": ""}, "need", "Enter what the problem is"),
    ("outcomes", {"affected": ""}, "affected", "Enter who is affected"),
    ("area", {"area": "moon"}, "area", "Select the area of work"),
    ("area", {"cpv": ["bins"]}, "cpv", "“bins” is not a CPV code. A code has 8 digits"),
    ("area", {"cpv": ["4800000"]}, "cpv", "“4800000” is not a CPV code"),
    ("area", {"cpv": ["00000000"]}, "cpv", "“00000000” is not a CPV code"),
    ("area", {"cpv": []}, "cpv", "Enter the CPV codes"),
    ("area", {"cpv": ["48000001"]}, "cpv", "Use a broader one, like 48000000 Software package"),
    ("area", {"cpv": ["48000000"] * 11}, "cpv", "Give 10 or fewer for the CPV codes"),
    ("budget", {"band": "plenty"}, "band", "Select the indicative budget"),
    ("budget", {"band": ""}, "band", "Select the indicative budget"),
    ("dates", typed_date("closes_on", in_days(0)), "closes_on-day", "must be in the future"),
    ("dates", typed_date("closes_on", in_days(800)), "closes_on-day", "within the next 2 years"),
    ("dates", {"closes_on__month": ""}, "closes_on-day", "must include a month"),
    ("dates", {"closes_on__day": "31", "closes_on__month": "2"}, "closes_on-day", "a real date"),
    ("dates", {"closes_on__year": "0027"}, "closes_on-day", "a year of four figures"),
    ("dates", {"closes_on__year": "٢٠٢٧"}, "closes_on-day", "must be a real date"),
    ("dates", typed_date("starts_on", in_days(30)), "starts_on-day", "after the last day to join"),
    ("dates", typed_date("starts_on", in_days(5000)), "starts_on-day", "within the next 10 years"),
    ("contact", {"contact_role": ""}, "contact_role", "Enter the role to contact"),
    ("contact", {"contact_email": "waste@"}, "contact_email", "must be an email address"),
]


@pytest.mark.parametrize(("section", "wrong", "field", "sentence"), WRONG)
def test_a_wrong_answer_gets_a_sentence_and_is_kept(
    author, draft, session, section, wrong, field, sentence
):
    url = f"/challenges/{draft.id}/edit/{section}"
    typed = answers()[section] | wrong
    seen = author.post(url, **typed)
    assert author.status == 422
    assert sentence in seen.select_one(f".govuk-error-summary a[href='#{field}']").text
    assert seen.select_one(f"#{field}"), "the summary leads to the question"
    fresh(session, draft)
    for name, value in typed.items():
        kept = draft.typed.get(name.replace("__", "-"), "")
        assert kept == (value or kept), name
    again = author.get(url)
    assert not again.select(".govuk-error-summary"), "who only looks is not told off"
    for name, value in wrong.items():
        box = again.select_one(f"#{name.replace('__', '-')}[type=text]")
        if box and isinstance(value, str):
            assert box.get("value", "") == value


def test_a_wrong_section_is_named_as_a_problem_and_a_half_one_as_incomplete(author, draft):
    author.post(f"/challenges/{draft.id}/edit/contact", contact_role="H", contact_email="nobody")
    author.post(f"/challenges/{draft.id}/edit/outcomes", affected="Residents", outcomes="")
    tasks = statuses(author.get(f"/challenges/{draft.id}/edit"))
    assert tasks["Say who to contact"] == "There is a problem"
    assert tasks["Say who is affected and what should change"] == "Incomplete"


def test_wrong_answers_leave_the_columns_as_they_were(author, draft, session):
    author.post(f"/challenges/{draft.id}/edit/need", title="Good", need="Good")
    author.post(f"/challenges/{draft.id}/edit/need", title="", need="Better")
    fresh(session, draft)
    assert (draft.title, draft.need) == ("Good", "Good")
    assert draft.typed["need"] == "Better"


def test_newlines_count_as_one_character_as_in_the_browser(author, draft):
    lines = "\r\n".join(["x" * 9] * 500)  # 500 lines of 9 characters and 499 line ends: 4,999
    author.post(f"/challenges/{draft.id}/edit/need", title="Lines", need=lines)
    assert author.status == 200


# ---- Autosave


def autosave(browser, draft, section, **typed):
    return browser.post(
        f"/challenges/{draft.id}/edit/{section}?autosave=true", target="section", **typed
    )


def test_autosave_keeps_what_was_typed_and_says_so_without_errors(author, draft, session):
    seen = autosave(author, draft, "need", title="", need="Half a sen")
    assert author.status == 200
    line = seen.select_one("hx-partial[hx-target='#saved']").text
    assert line.startswith("Saved automatically at ")
    assert line.endswith("m. Not sent yet.")
    assert "Enter" not in author.text
    fresh(session, draft)
    assert draft.typed["need"] == "Half a sen"


def test_autosave_of_what_is_there_already_journals_nothing(author, draft, session):
    autosave(author, draft, "need", title="Bins", need="Half")
    autosave(author, draft, "need", title="Bins", need="Half")
    assert len(events(session, "challenge.edit")) == 1


def test_nobody_else_can_autosave_into_a_draft(browser, make, draft):
    browser.as_(make.author(make.authority("Hackney")))
    autosave(browser, draft, "need", title="Ours", need="Now")
    assert browser.status == 404


def test_a_reader_of_the_same_authority_cannot_edit(browser, make, camden, draft):
    browser.as_(make.approver(camden))
    autosave(browser, draft, "need", title="Bins that are missed", need="")
    assert browser.status == 403
    browser.get(f"/challenges/{draft.id}/edit")
    assert browser.status == 403


# ---- Two authors at once


def opened(seen):
    return {
        name: seen.select_one(f"input[name={name}]").get("value", "") for name in ("page", "since")
    }


def test_who_is_overtaken_sees_both_answers_and_loses_nothing(
    browser, make, camden, draft, session
):
    url = f"/challenges/{draft.id}/edit/today"
    first, second = make.author(camden), make.actor(camden, *make.author(camden).roles, name="Tom")
    mine = opened(browser.as_(first).get(url))
    theirs = opened(browser.as_(second).get(url))
    browser.post(url, today="Written by Tom", constraints="", **theirs)

    seen = browser.as_(first).post(url, today="Written by me", constraints="", **mine)
    assert browser.status == 409
    assert "Tom changed this part after you opened it." in seen.text
    assert "Written by Tom" in seen.select_one(".govuk-notification-banner").text
    assert "Written by me" in seen.select_one("textarea#today").text
    fresh(session, draft)
    assert draft.today == "Written by Tom"

    browser.post(url, today="Written by me", constraints="", **opened(seen))
    assert browser.status == 200
    fresh(session, draft)
    assert draft.today == "Written by me"


def test_an_autosave_never_overwrites_a_colleague(browser, make, camden, draft, session):
    url = f"/challenges/{draft.id}/edit/today"
    browser.as_(make.author(camden))
    mine = opened(browser.get(url))
    browser.post(url, today="Newer", constraints="", **opened(browser.get(url)))
    seen = autosave(browser, draft, "today", today="Older", constraints="", **mine)
    assert seen.text.startswith("Not saved. ")
    fresh(session, draft)
    assert draft.today == "Newer"


def test_saving_again_from_the_same_page_is_no_conflict(author, draft):
    url = f"/challenges/{draft.id}/edit/today"
    page = opened(author.get(url))
    for text in ("One", "Two", "Three"):
        seen = autosave(author, draft, "today", today=text, constraints="", **page)
        assert seen.text.startswith("Saved automatically")
    author.post(url, today="Four", constraints="", **page)
    assert author.status == 200


# ---- From a notice


def test_a_notice_fills_in_what_it_answers(author, make, session):
    ends = in_days(20)
    notice = make.notice(
        title="T" * 130,
        description="A system to run trade waste.\n" + "word " * 1200,
        cpv=["48000000", "90511999"],
        tender_ends_at=datetime.combine(ends, time(12), UTC),
        contract_starts_at=datetime.combine(in_days(60), time(12), UTC),
    )
    seen = author.get(f"/challenges/new?notice={notice.id}")
    title = seen.select_one("#title")["value"]
    assert len(title) == 120
    assert title.endswith("…")
    seen = author.post("/challenges", title="Trade waste", notice_id=str(notice.id))
    tasks = statuses(seen)
    assert tasks["Describe the need"] == "Completed"
    assert tasks["Set the dates"] == "Completed"
    challenge = session.exec(select(Challenge)).one()
    assert challenge.notice_id == notice.id
    assert challenge.title == "Trade waste"
    assert challenge.need.startswith("A system to run trade waste.\nword")
    assert challenge.closes_on == ends
    assert challenge.typed["cpv"][0] == "48000000 Software package and information systems"
    author.post(f"/challenges/{challenge.id}/edit/area", area="waste", cpv=challenge.typed["cpv"])
    assert author.status == 200, "codes that the notice had are taken, shipped or not"


def test_dates_of_a_notice_that_are_over_are_left_out(author, make, session):
    notice = make.notice(tender_ends_at=make.notice().published_at)
    author.post("/challenges", title="Trade waste", notice_id=str(notice.id))
    challenge = session.exec(select(Challenge)).one()
    assert challenge.closes_on is None
    assert "closes_on-day" not in challenge.typed


@pytest.mark.parametrize("notice", ["nonsense", str(UUID(int=1))])
def test_a_notice_that_is_not_there_is_not_found(author, notice):
    author.get(f"/challenges/new?notice={notice}")
    assert author.status == 404


# ---- Documents

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def test_documents_are_added_downloaded_and_removed(author, draft, session, marketplace):
    url = f"/challenges/{draft.id}/attachments"
    seen = author.post(url, files={"file": ("Round map.pdf", PDF, "application/pdf")})
    link = seen.select_one("main a[href*='/files/']")
    assert link.text == "Round map.pdf"
    author.get(link["href"])
    assert author.headers["content-disposition"].startswith("attachment;")
    assert author.headers["x-content-type-options"] == "nosniff"
    assert "Round map.pdf" in author.get(f"/challenges/{draft.id}/check").text

    kept = marketplace.settings.data_dir / "files" / session.exec(select(Attachment)).one().key
    assert kept.read_bytes() == PDF
    seen = author.post(seen.select_one("form[action$='/remove']")["action"])
    assert "No documents yet." in seen.text
    assert not kept.exists()


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (None, "Enter a document"),
        (("empty.pdf", b"", "application/pdf"), "The file is empty."),
        (("page.html", b"<html><script>1</script>", "text/html"), "Upload a PDF"),
        (("big.txt", b"x" * 20_000_001, "text/plain"), "The file must be smaller than 20 MB."),
    ],
)
def test_a_document_that_is_not_taken_says_why(author, draft, session, file, sentence):
    seen = author.post(
        f"/challenges/{draft.id}/attachments", files={"file": file} if file else None
    )
    assert author.status == 422
    assert sentence in seen.select_one(".govuk-error-summary a[href='#file']").text
    assert not session.exec(select(Attachment)).all()
    assert not events(session, "challenge.attach")


def test_the_documents_of_a_draft_are_nobody_elses(author, browser, make, draft):
    author.post(
        f"/challenges/{draft.id}/attachments", files={"file": ("a.txt", b"plan", "text/plain")}
    )
    href = author.get(f"/challenges/{draft.id}/edit/documents").select_one("a[href*='/files/']")[
        "href"
    ]
    browser.as_(make.author(make.authority("Hackney"))).get(href)
    assert browser.status == 404


# ---- Deleting


def test_deleting_asks_first_and_then_leaves_only_the_event(author, draft, session, marketplace):
    author.post(
        f"/challenges/{draft.id}/attachments", files={"file": ("a.txt", b"plan", "text/plain")}
    )
    seen = author.get(f"/challenges/{draft.id}/discard")
    assert "You cannot take this back." in seen.text
    assert seen.select_one("main form a.govuk-link")["href"] == f"/challenges/{draft.id}/edit"
    id = session.exec(select(Challenge)).one().id

    author.post(f"/challenges/{id}/discard")
    session.rollback()
    assert not session.exec(select(Challenge)).all()
    assert not session.exec(select(Attachment)).all()
    assert not list((marketplace.settings.data_dir / "files").iterdir())
    assert events(session, "challenge.discard")[0].subject_id == id
    author.get(f"/challenges/{id}")
    assert author.status == 404


@pytest.mark.parametrize("stage", [s for s in Stage if s != Stage.DRAFT])
def test_what_has_left_drafting_cannot_be_deleted(author, make, camden, session, stage):
    challenge = make.challenge(camden, stage)
    author.get(f"/challenges/{challenge.id}/discard")
    assert author.status == 409
    author.post(f"/challenges/{challenge.id}/discard")
    assert author.status == 409
    assert session.get(Challenge, challenge.id)
