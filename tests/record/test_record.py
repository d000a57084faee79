"""The record of a tender: every decision, who made it, when, on which version and why."""

import hashlib
import json
from io import BytesIO
from zipfile import ZipFile

from auth.actor import VISITOR
from tests.awards.deciding import Decided
from tests.contracts.conftest import AFTER, clock, confirmed
from tests.contracts.contracting import at, sign
from tests.tenders.drafting import drafted

__all__ = ["clock", "confirmed"]


def words(seen) -> str:
    return " ".join(seen.text.split())


def taken(made: Decided, who) -> dict[str, bytes]:
    answer = made.browser.as_(who).client.get(f"/tenders/{made.tender.id}/workspace/record.zip")
    assert answer.status_code == 200
    with ZipFile(BytesIO(answer.content)) as found:
        return {name: found.read(name) for name in found.namelist()}


def test_it_says_who_decided_what_when_on_which_version_and_why(confirmed: Decided):
    sign(confirmed, "Camden", AFTER.date())
    page = confirmed.as_author("Hackney").main(f"/tenders/{confirmed.tender.id}/workspace/record")
    rows = [" ".join(row.get_text(" ").split()) for row in page.select("#decisions tbody tr")]
    digest = confirmed.award().digest
    for told in (
        f"Hackney approver, Hackney Award approved: the tender Fingerprint {digest[:12]}",
        "Summary checked: Moss Repairs",
        "Award notice recorded: the tender 032703-2026",
        "Award confirmed: the tender",
        "Camden approver, Camden Contract signed: Camden: Plan repairs",
    ):
        assert any(told in row for row in rows), (told, rows)
    at_once = [
        row.split("Camden, Camden ")[-1] for row in rows if "confirmed" in row or "begun" in row
    ]
    assert at_once == [
        "Award confirmed: the tender",
        "Contract begun: Hackney: Plan repairs",
    ], "as it was done, though all at one time; what is Camden's own is not told"
    assert "Friday 4 December 2026 at 10am (UK time)" in rows[-1]
    in_order = [str(one["datetime"]) for one in page.select("#decisions time")]
    assert in_order == sorted(in_order)


def test_a_duty_of_the_checklist_is_in_the_words_of_the_law(browser, make):
    made = drafted(browser, make)
    made.ready()
    for page in ("record", "history"):
        said = words(browser.main(f"{made.work}/{page}"))
        assert "Screen whether a data protection impact assessment is needed" in said, page
        assert "data-protection" not in said, page


def test_the_archive_has_every_document_all_data_and_a_fingerprint_of_each(confirmed: Decided):
    sign(confirmed, "Camden", AFTER.date())
    files = taken(confirmed, confirmed.authors["Hackney"])
    sums = dict(reversed(line.split("  ", 1)) for line in files["SHA256SUMS"].decode().splitlines())
    assert set(sums) == set(files) - {"SHA256SUMS"}
    for name, sum_ in sums.items():
        assert hashlib.sha256(files[name]).hexdigest() == sum_, name
    folders = {name.partition("/")[0] for name in files}
    assert folders >= {"tender", "bids", "awards", "summaries", "contracts", "index.html"}
    said = json.loads(files["record.json"])
    assert [one["buyers"] for one in said["award"]] == [["Camden", "Hackney"]]
    assert len(said["summary"]) == 3
    assert len(said["bid"]) == 3
    assert {one["signatory"] for one in said["contractparty"]} >= {"Ada Osei"}
    assert any(one["what"] == "Award approved" for one in said["decisions"])
    assert b"On a map." in files[f"bids/{confirmed.bids['Moss Repairs'].reference}.html"]


def test_only_those_who_work_on_the_tender_and_loti_have_it(confirmed: Decided, make):
    url = f"/tenders/{confirmed.tender.id}/workspace/record"
    others = (VISITOR, make.author(make.authority("Barnet")), confirmed.managers["Moss Repairs"])
    for who in others:
        for place in (url, f"{url}.zip"):
            confirmed.browser.as_(who).get(place)
            assert confirmed.browser.status == 404, who.name
    said = json.loads(taken(confirmed, make.curator())["record.json"])
    assert said["tender"]["id"] == str(confirmed.tender.id)
    assert "typed" not in said["tender"], "what was never saved is nobody's decision"


def test_an_auditor_is_a_member_without_a_role_who_reads_and_takes_it_and_does_nothing(
    confirmed: Decided, make
):
    sign(confirmed, "Camden", AFTER.date())
    auditor = make.actor(confirmed.authorities["Hackney"], name="Hackney auditor")
    assert not auditor.roles
    url = f"/tenders/{confirmed.tender.id}/workspace/record"
    page = confirmed.browser.as_(auditor).main(url)
    assert "Award confirmed" in words(page)
    assert [one["action"] for one in page.select("form[method=post]")] == []
    said = json.loads(taken(confirmed, auditor)["record.json"])
    whole = json.loads(taken(confirmed, confirmed.authors["Hackney"])["record.json"])
    assert said == whole, "what a colleague with a role reads, and no less"
    for place in ("edit", "sign", "end"):
        confirmed.browser.as_(auditor).post(f"{at(confirmed.contracts()['Hackney'])}/{place}")
        assert confirmed.browser.status == 403, place
