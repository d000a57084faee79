"""Ids are random, except for a story that has to be the same whenever it is retold."""

from marketplace.core import ids


def some() -> list[str]:
    return [str(ids.new()) for _ in range(5)]


def test_ids_are_random():
    assert len(set(some() + some())) == 10


def test_a_sequence_always_begins_alike():
    with ids.sequence("the demo world"):
        first = some()
    with ids.sequence("the demo world"):
        assert some() == first
    with ids.sequence("another story"):
        assert not set(some()) & set(first)


def test_after_a_sequence_ids_are_random_again():
    with ids.sequence("the demo world"):
        told = some()
    assert not set(some()) & set(told)
    assert len(set(told)) == 5


def test_an_id_of_a_sequence_is_as_good_as_any():
    with ids.sequence("the demo world"):
        id = ids.new()
    assert id.version == 4
