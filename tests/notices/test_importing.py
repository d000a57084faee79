"""Writing files of notices: what comes twice, late, changed, from two sides at once, or in bulk."""

import json
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier

import pytest
from sqlmodel import col, select

from marketplace.core.journal import Event
from marketplace.core.times import now
from marketplace.notices import importing
from marketplace.notices.models import Import, Notice, Release
from marketplace.notices.reading import Unreadable
from tests.notices.releases import OCID, package, release

TENDER = release(id="one-0", date="2026-01-10T09:00:00Z", tag=["tender"], awards=[])
AWARD = release()


@pytest.fixture
def read_in(marketplace):
    """Reads releases in; how many were new, updated and unchanged."""

    def read_in(*releases: object) -> tuple[int, int, int]:
        about = Import(name="test.json", size=1, person_name="An operator")
        stream = BytesIO(package(*releases))
        done = importing.from_file(marketplace.engine, marketplace.context, stream, about)
        assert done.read == done.new + done.updated + done.unchanged + done.refused
        return done.new, done.updated, done.unchanged

    return read_in


@pytest.fixture
def rows(session):
    """All rows of a table as they are now, each as its facts."""

    def rows(kind) -> list[dict]:
        session.expire_all()
        session.rollback()
        ignored = {"id", "created_at", "import_id", "notice_id"}
        return [row.model_dump(exclude=ignored) for row in session.exec(select(kind))]

    return rows


def test_reading_in_again_changes_nothing_and_is_no_news(read_in, rows):
    assert read_in(TENDER, AWARD) == (1, 1, 0)
    before = [rows(kind) for kind in (Notice, Release, Event, Import)]
    assert read_in(TENDER, AWARD) == (0, 0, 2)
    assert read_in(AWARD) == (0, 0, 1)
    assert [rows(kind) for kind in (Notice, Release, Event, Import)] == before


def test_a_newer_release_brings_the_notice_up_to_date(read_in, rows):
    assert read_in(TENDER) == (1, 0, 0)
    assert rows(Notice)[0]["awarded_at"] is None
    assert read_in(AWARD) == (0, 1, 0)
    [notice] = rows(Notice)
    assert notice["awarded_at"].isoformat() == "2026-03-01T00:00:00+00:00"
    assert notice["tags"] == ["award"]
    assert notice["published_at"].isoformat() == "2026-01-10T09:00:00+00:00"
    assert [event["facts"].keys() for event in rows(Event)] == [{"notices"}] * 2


def test_an_older_release_that_comes_later_gives_the_same_notice(read_in, rows):
    read_in(TENDER, AWARD)
    in_order = rows(Notice)
    other = [release(**{**one, "ocid": f"{OCID}-b"}) for one in (AWARD, TENDER)]
    assert [read_in(one) for one in other] == [(1, 0, 0), (0, 1, 0)]
    assert [n for n in rows(Notice) if n["ocid"] != OCID] == [
        {**notice, "ocid": f"{OCID}-b"} for notice in in_order
    ]


def test_a_release_that_was_changed_under_its_id_replaces_the_one_kept(read_in, rows):
    read_in(AWARD)
    later = release("tender.title", "Rounds, corrected", date="2026-03-03T09:00:00Z")
    assert read_in(later) == (0, 1, 0)
    assert read_in(AWARD) == (0, 0, 1), "what is older does not come back"
    assert [notice["title"] for notice in rows(Notice)] == ["Rounds, corrected"]
    assert len(rows(Release)) == 1


def test_one_ocid_of_two_buyers_is_two_notices(read_in, rows):
    other = release("buyer", {"name": "Another Council"}, parties=[])
    assert read_in(AWARD, other) == (2, 0, 0)
    assert {notice["buyer_name"] for notice in rows(Notice)} == {
        "Another Council",
        "London Borough of Exampleham",
    }


def test_a_file_that_ends_too_early_leaves_nothing(marketplace, rows):
    many = package(*[release("ocid", f"{OCID}-{number}") for number in range(600)])
    about = Import(name="test.json", size=1, person_name="An operator")
    with pytest.raises(Unreadable):
        importing.from_file(marketplace.engine, marketplace.context, BytesIO(many[:-20]), about)
    assert rows(Notice) == rows(Import) == rows(Event) == []


def test_two_who_read_the_same_file_in_at_once_get_each_notice_once(read_in, rows):
    many = [release("ocid", f"{OCID}-{number}") for number in range(50)]
    together = Barrier(2)

    def run(_: int) -> tuple[int, int, int]:
        together.wait()
        return read_in(*many)

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(run, range(2)))
    assert results == [(0, 0, 50), (50, 0, 0)]
    assert len(rows(Notice)) == 50


def test_many_notices_are_told_of_in_few_events_each_once(read_in, rows, session, news, index):
    many = [release("ocid", f"{OCID}-{number}") for number in range(1201)]
    assert read_in(*many) == (1201, 0, 0)
    told = [id for event in rows(Event) for id in event["facts"]["notices"]]
    assert len(rows(Event)) == 3
    assert sorted(told) == sorted(str(id) for id in session.exec(select(Notice.id)))
    news()
    assert index.count() == 1201


def test_money_and_moments_are_exact(read_in, session):
    read_in(release("tender.value", {"amount": 999_999_999_999.99, "currency": "GBP"}))
    [notice] = session.exec(select(Notice).where(col(Notice.published_at) < now()))
    assert str(notice.amount) == "999999999999.99"
    assert notice.tender_ends_at.isoformat() == "2026-02-10T12:00:00+00:00"
    [kept] = session.exec(select(Release))
    assert json.loads(kept.content)["ocid"] == OCID
