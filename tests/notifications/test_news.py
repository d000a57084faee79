"""The table of news: a line for every verb, and text for every audience that can be filled."""

from string import Formatter
from uuid import uuid4

import pytest
from starlette.routing import Match

from auth.actor import VISITOR
from marketplace.app import build
from marketplace.core.journal import Event
from marketplace.core.outbox import LISTENERS
from marketplace.news import NEWS, Letter, News, Quiet
from marketplace.notifications import telling
from marketplace.notifications.audience_queries import _AUDIENCES
from marketplace.notifications.models import Notification
from marketplace.notifications.queries import Item
from marketplace.notifications.topics import Audience, Topic
from marketplace.verbs import Verb

LINES = [(verb, one) for verb, told in NEWS.items() if isinstance(told, tuple) for one in told]


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def known() -> set[str]:
    """What words may be filled with."""
    event = Event(
        verb=Verb.CHALLENGE_CLOSE,
        subject_kind="challenge",
        subject_id=uuid4(),
        about_id=uuid4(),
        was="",
        became="",
        person_id=uuid4(),
        person_name="",
        organisation_id=uuid4(),
        organisation_name="",
    )
    notification = Notification(person_id=uuid4(), event_id=event.id, kind="", audience="", why="")
    return set(telling._known(VISITOR, Item(notification, event, *[None] * 10)))


def test_every_verb_says_who_is_told_or_why_nobody_is():
    assert set(NEWS) == set(Verb)
    for verb, told in NEWS.items():
        match told:
            case Quiet():
                assert len(told.because.split()) > 3, verb
            case Letter():
                assert told.to, verb
            case _:
                assert told, verb


@pytest.mark.parametrize(("verb", "line"), LINES, ids=lambda one: getattr(one, "to", one))
def test_every_audience_is_told_in_words_that_can_be_filled(verb: Verb, line: News):
    assert line.subject
    for sentence in (line.subject, *line.body):
        assert fields(sentence) <= known(), sentence
        assert "please" not in sentence.lower()
        assert "!" not in sentence
    assert fields(line.href) <= {"id", "kind"}


@pytest.mark.parametrize(("verb", "line"), LINES, ids=lambda one: getattr(one, "to", one))
def test_every_link_of_news_leads_to_a_page(marketplace, verb: Verb, line: News):
    path = line.href.format(id=uuid4(), kind="product").partition("?")[0]
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    found = [route.matches(scope)[0] for route in build(marketplace).router.routes]
    assert Match.FULL in found, path


def test_an_audience_is_told_of_one_verb_in_one_way():
    for verb, told in NEWS.items():
        if isinstance(told, tuple):
            assert len({one.to for one in told}) == len(told), verb


def test_every_audience_has_people_a_reason_and_news():
    assert set(_AUDIENCES) == set(Audience) == {line.to for _, line in LINES}
    assert {line.topic for _, line in LINES} == set(Topic)
    for audience in Audience:
        assert audience.why, audience
        assert fields(audience.why) <= {"organisation", "area", "product", "search", "by"}


def test_news_of_the_safety_of_an_account_goes_to_its_person_alone():
    safe = [(verb, line) for verb, line in LINES if line.security]
    assert {line.to for _, line in safe} == {Audience.THEMSELVES}
    assert {Verb.IDENTITY_ADD, Verb.PERSON_SUSPEND, Verb.SUPPORT_LOOK} <= {v for v, _ in safe}


def test_what_needs_somebody_is_something_with_stages_that_shows_when_it_is_done():
    asks = {verb.split(".")[0] for verb, line in LINES if line.topic is Topic.NEEDS_YOU}
    panel = {"disregard", "evaluation", "exchange", "question", "seat"}
    assert asks == {"challenge", "claim", "join", "opening"} | panel


def test_the_journal_owes_every_event_to_the_listener_of_notifications(marketplace):
    assert "notifications" in LISTENERS
