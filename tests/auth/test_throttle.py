"""How often is too often: counted by name and by whoever it is, in windows that move."""

from types import SimpleNamespace

import pytest
import time_machine
from limits.errors import StorageError

from auth import throttle
from auth.throttle import LIMITS, Throttle, client


@pytest.fixture
def counters():
    return Throttle("memory://")


@pytest.fixture
def clock():
    with time_machine.travel("2026-11-23 12:00:00+00:00", tick=False) as moment:
        yield moment


def hits(counters, name, key, times):
    return [counters.hit(name, key) for _ in range(times)]


def test_up_to_the_limit_it_goes_on_and_then_says_how_long_to_wait(counters, clock):
    assert hits(counters, "link", "a@example.org", 5) == [0] * 5
    clock.shift(600)
    assert counters.hit("link", "a@example.org") == 3000
    clock.shift(2999)
    assert counters.hit("link", "a@example.org") == 1
    clock.shift(2)
    assert counters.hit("link", "a@example.org") == 0


def test_what_was_refused_does_not_make_the_wait_longer(counters, clock):
    hits(counters, "link", "a", 5)
    clock.shift(1)
    assert hits(counters, "link", "a", 3) == [3599] * 3


def test_the_window_moves(counters, clock):
    """Six in an hour never, wherever the hour begins."""
    for _ in range(5):
        assert counters.hit("link", "a") == 0
        clock.shift(600)
    assert counters.hit("link", "a") > 0
    clock.shift(601)
    assert counters.hit("link", "a") == 0
    assert counters.hit("link", "a") > 0


def test_a_day_has_a_limit_of_its_own(counters, clock):
    passed = 0
    for _ in range(12):
        passed += hits(counters, "link", "a", 5).count(0)
        clock.shift(3601)
    assert passed == 20
    assert counters.hit("link", "a") > 3600


def test_names_and_keys_are_counted_apart(counters, clock):
    hits(counters, "link", "a", 5)
    assert counters.hit("link", "b") == 0
    assert counters.hit("links", "a") == 0
    assert counters.hit("link", "a") > 0


def test_applications_are_counted_apart(clock):
    one, other = Throttle("memory://"), Throttle("memory://")
    hits(one, "link", "a", 5)
    assert one.hit("link", "a")
    assert not other.hit("link", "a")


@pytest.mark.parametrize("name", LIMITS)
def test_every_name_has_a_limit_that_is_kept(counters, clock, name):
    most = int(LIMITS[name].split("/")[0])
    assert hits(counters, name, "a", most) == [0] * most
    assert counters.hit(name, "a") > 0


@pytest.mark.parametrize("url", ["nowhere://x", "", "memory", "http://example.org"])
def test_where_nothing_can_be_counted_is_said_in_a_sentence(url):
    for read in (Throttle, throttle.check):
        with pytest.raises(ValueError, match="Throttling cannot count there"):
            read(url)


def test_while_the_shared_counters_do_not_answer_it_counts_by_itself(counters, monkeypatch):
    def out(*_: object, **__: object) -> bool:
        raise StorageError(OSError("no route"))

    monkeypatch.setattr(counters._shared, "hit", out)
    assert hits(counters, "link", "a", 5) == [0] * 5
    assert counters.hit("link", "a") > 0


@pytest.mark.parametrize(
    ("host", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
    ],
)
def test_a_client_is_known_by_its_address_and_nothing_that_it_says(host, counted_as):
    said = {"x-forwarded-for": "203.0.113.9", "forwarded": "for=203.0.113.9"}
    asking = SimpleNamespace(client=SimpleNamespace(host=host), headers=said)
    assert client(asking) == counted_as


def test_a_client_without_an_address_is_one_of_those():
    assert client(SimpleNamespace(client=None)) == ""
