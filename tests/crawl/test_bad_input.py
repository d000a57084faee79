"""Whatever is typed into a form: it is taken, or the page comes back with a sentence at the field
and with what was typed. The forms are those that the pages draw.
"""

from collections import defaultdict

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from auth.throttle import Throttle
from marketplace.accounts.models import SignIn
from marketplace.app import assemble
from marketplace.awards.models import Award
from marketplace.catalogue.models import Product
from marketplace.challenges.models import Challenge, Stage
from marketplace.contracts.models import Contract, Review
from marketplace.core import db
from marketplace.core.forms import clean
from marketplace.onboarding.models import Registration
from marketplace.organisations.models import Membership, Organisation, Person
from marketplace.people.models import JoinRequest
from marketplace.shortlists.models import Shortlist
from marketplace.standards.models import StandardVersion
from marketplace.tenders.models import Tender
from tests.browser_of_pages import HERE, inspect
from tests.crawl.asking import PARTS, Asking, forms, pages
from tests.crawl.asking import send as sent_as_bytes

TEXTS = {
    "nothing": "",
    "spaces": " \t\n ",
    "too much": "x" * 30_000,
    "a number": "-17",
    "a fraction": "3.5",
    "infinity": "1e9999",
    "digits": "9" * 5000,
    "figures of another script": "\u0661\u0662\u0663",
    "nul": "a\x00b",
    "control characters": "a\x01\x1b[31m\x7fb",
    "a lone surrogate": "a\ud800b",
    "emoji": "👩🏽‍💻 💥",
    "right to left": "\u202e\u05e9\u05dc\u05d5\u05dd",
    "lines": "\r\n\rmany\n\n\nlines\u2028here",
    "braces": "{{ 7 * 7 }} {% raw %} ${7*7} %(x)s {label}",
    "SQL": "'; DROP TABLE challenge; --",
    "an address": "javascript:alert(1)",
    "a path": "../../etc/passwd",
    "a list": '["a", {"b": null}]',
}
DATES = [
    ("30", "2", "2026"),
    ("0", "0", "0"),
    ("31", "13", "2027"),
    ("1", "1", "99999"),
    ("-1", "1", "2027"),
    ("1.0", "1", "2027"),
    ("1", "January", "2027"),
    ("\u0661", "\u0662", "2027"),
    ("", "", "2027"),
    ("1", "1", "0001"),
    ("1", "1", "9999"),
    (" 1 ", "1", "27"),
    ("1e1", "1", "2027"),
    ("\x00", "1", "2027"),
]


DONE, WRONG, OVERTAKEN = 303, 422, 409


def check(answer, sent: dict[str, str], what: str, *may: int) -> None:
    """It was done, or the page says what is wrong, where, and still shows what was typed."""
    assert answer.status_code in (DONE, WRONG, *may), f"{what}: {answer.status_code}"
    if answer.status_code != WRONG:
        return
    page = BeautifulSoup(answer.text, "html.parser")
    inspect(page, what)
    summary = page.select(".govuk-error-summary a")
    assert summary, f"{what}: the page says what is wrong"
    ids = {tag["id"] for tag in page.find_all(id=True)}
    messages = [said.text for said in page.find_all(class_="govuk-error-message")]
    for link in summary:
        sentence = link.get_text(strip=True)
        assert len(sentence) >= len("Enter name"), f"{what}: {sentence!r} is a sentence"
        assert str(link["href"])[1:] in ids, f"{what}: {sentence} leads to its question"
        assert any(sentence in said for said in messages), what
        assert "Value error" not in sentence
    asked = defaultdict(list)
    for box in page.main.find_all(attrs={"name": True}):
        asked[box["name"]].append(box)
    for name, value in sent.items():
        boxes = asked[name]
        assert boxes, f"{what}: {name} is asked again"
        kept = " ".join(
            box.get_text() if box.name == "textarea" else str(box.get("value", "")) for box in boxes
        )
        assert kept.split() == held(value).split(), f"{what}: {name} keeps what was typed"


def held(text: str) -> str:
    """As much of a text as arrives: what is no Unicode is replaced."""
    return clean(text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))


@pytest.fixture(scope="module")
def open_world(world):
    """A world of this module's own, which its forms may change."""
    made = assemble(world.copy())
    yield made
    made.close()


@pytest.fixture(scope="module")
def send(open_world, arrive, landmarks):
    """Sends a form as somebody, to things that stand where they stood at first, as often as may
    be.
    """
    people = {person for person, _ in pages(landmarks)}
    clients = {person: arrive(open_world, person).client for person in people}
    kept = remember(open_world)

    def send(person, action, pairs):
        clients[person].app.state.throttle = Throttle("memory://")
        answer = sent_as_bytes(clients[person], action, pairs)
        if answer.status_code == DONE:
            restore(open_world, kept)
        return answer

    send.client = clients.__getitem__
    return send


# What a form may do to others, with which the next forms would meet something else.
MOVED = {
    Challenge: ("stage", "outcome"),
    Product: ("stage",),
    StandardVersion: ("stage", "ended_at", "because"),
    Tender: ("stage", "outcome", "organisation_id"),
    Award: ("stage", "because", "withdrew", "stopped"),
    Contract: ("stage", "value", "ends_on", "extended", "ended_on", "because"),
    Shortlist: ("stage", "name", "record", "sha256", "frozen_at", "challenge_id"),
    Organisation: ("stage",),
    Person: ("stage",),
    Membership: ("stage", "roles", "value_limit"),
    JoinRequest: ("stage", "because"),
    Review: ("stage", "answer"),
    Registration: ("stage", "answers", "register_said"),
    SignIn: ("ended_at", "looking_as", "looking_since"),
}

ONCE = (JoinRequest, Membership, Review)  # nobody comes in twice, or says twice how it was


def remember(marketplace):
    with Session(marketplace.engine) as session:
        return {
            kind: {
                row.id: {name: getattr(row, name) for name in names}
                for row in session.exec(select(kind))
            }
            for kind, names in MOVED.items()
        }


def restore(marketplace, kept) -> None:
    with db.writing(marketplace.engine) as session:
        for kind, rows in kept.items():
            for row in session.exec(select(kind)).all():
                if row.id not in rows:
                    if kind in ONCE:
                        session.delete(row)
                    continue
                for name, value in rows[row.id].items():
                    if getattr(row, name) != value:
                        setattr(row, name, value)
                        session.add(row)
        session.commit()


@pytest.fixture(scope="module")
def every_form(send, landmarks) -> list[tuple[str, Asking]]:
    found = []
    for person, url in pages(landmarks):
        answer = send.client(person).get(url)
        assert answer.status_code == 200, (person, url, answer.status_code)
        found += [
            (person, asking)
            for asking in forms(BeautifulSoup(answer.text, "html.parser"), url)
            if asking.names - asking.files
        ]
    return found


@pytest.fixture(scope="module")
def questions(every_form) -> list[tuple[str, Asking]]:
    """Without the choice of a persona, which is no form that can be wrong."""
    return [one for one in every_form if one[1].action not in ("/demo/sign-in", "/sign-out")]


def test_there_are_forms_to_try(questions):
    assert len(questions) >= 17
    assert sum(len(asking.typed) for _, asking in questions) >= 35


@pytest.mark.parametrize("bad", TEXTS)
def test_any_text_in_every_field(send, questions, bad):
    for person, asking in questions:
        kept = [pair for pair in asking.given if pair[0] not in asking.typed]
        typed = dict.fromkeys(asking.typed, TEXTS[bad])
        answer = send(person, asking.action, [*kept, *typed.items()])
        check(answer, typed, f"{person} {asking.action} {bad}")


@pytest.mark.parametrize("date", DATES, ids=" ".join)
def test_any_date(send, questions, date):
    tried = 0
    for person, asking in questions:
        starts = {name.removesuffix("-day") for name in asking.names if name.endswith("-day")}
        if not starts:
            continue
        tried += 1
        typed = {
            f"{name}{part}": value
            for name in starts
            for part, value in zip(PARTS, date, strict=True)
        }
        others = [pair for pair in asking.given if pair[0] not in typed]
        answer = send(person, asking.action, [*others, *typed.items()])
        check(answer, typed, f"{person} {asking.action} {date}")
    assert tried == 13


@pytest.mark.parametrize("bad", ["garbage", "", "\x00", "\ud800", "9" * 400])
def test_any_choice_that_is_not_offered(send, questions, bad):
    for person, asking in questions:
        pairs = [(name, bad) for name in asking.names - asking.typed - asking.files]
        pairs += [pair for pair in asking.given if pair[0] in asking.typed]
        answer = send(person, asking.action, pairs)
        # the page on which it was typed is a choice too, and no longer the one that saved last
        check(answer, {}, f"{person} {asking.action} {bad!r}", OVERTAKEN)


def test_nothing_at_all(send, questions):
    for person, asking in questions:
        check(send(person, asking.action, []), {}, asking.action, OVERTAKEN)


def test_fields_that_nobody_asked_for_do_nothing(send, questions, open_world, landmarks):
    extra = [("stage", "open"), ("organisation_id", "0" * 32), ("id", "1"), ("__class__", "x")]
    for person, asking in questions:
        check(send(person, asking.action, extra), {}, asking.action, OVERTAKEN)
    with Session(open_world.engine) as session:
        assert session.get_one(Challenge, landmarks.challenges[Stage.DRAFT]).stage == Stage.DRAFT


@pytest.mark.parametrize("times", [2, 10_000])
def test_a_field_sent_many_times(send, questions, times):
    for person, asking in questions:
        for name in sorted(asking.names - asking.files)[:2]:
            answer = send(person, asking.action, [(name, "1")] * times)
            assert answer.status_code in (DONE, 400, OVERTAKEN, WRONG), (asking.action, name)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"title": "x"}'),
        ("text/plain", b"title=x"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--",
        ),
        ("application/x-www-form-urlencoded; charset=utf-16", b"title=\xff\xfe"),
        ("application/x-www-form-urlencoded", b"%&=&&;%zz=%zz&title"),
        ("", b"title=x"),
    ],
)
def test_a_body_of_another_kind(send, questions, kind, body):
    for person, asking in questions:
        headers = {"Origin": HERE, "Content-Type": kind}
        answer = send.client(person).post(
            asking.action, content=body, headers=headers, follow_redirects=False
        )
        assert answer.status_code in (DONE, 400, OVERTAKEN, WRONG), (asking.action, kind)


def test_what_is_saved_as_one_types_is_taken_or_refused_too(send, questions):
    for person, asking in questions:
        if "/edit/" not in asking.action:
            continue
        for bad in TEXTS.values():
            pairs = [(name, bad) for name in asking.typed]
            url = f"{asking.action.partition('?')[0]}?autosave=true"
            answer = send(person, url, pairs)
            assert answer.status_code in (200, 409), (url, bad[:20], answer.status_code)


@settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_text_at_all(send, every_form, data):
    person, asking = data.draw(st.sampled_from(every_form))
    pairs = [
        (name, data.draw(st.text(max_size=30)))
        for name in sorted(asking.names - asking.files)
        if data.draw(st.booleans())
    ]
    answer = send(person, asking.action, pairs)
    nobody = (404,) if asking.action == "/demo/sign-in" else ()
    assert answer.status_code in (DONE, OVERTAKEN, WRONG, *nobody), (asking.action, pairs)
