"""Whatever a file holds: every record is taken or refused, or the file is unreadable, in words."""

import json
from io import BytesIO
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.notices.merging import compiled, project
from marketplace.notices.reading import Reader, Taken, Unreadable
from tests.notices.releases import WHOLE, package, read, release

fuzzed = settings(max_examples=200, deadline=None, database=None)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**250, max_value=10**400)
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["<p>&lt;b", "2026-02-30", "9999-12-31T23:59:59-14:00", "\ud800", "\x00"])
    | st.sampled_from(["javascript:1", "http://[", "48000000-8", "GB-COH-", "ocds-", "1e9999"])
)
NAMES = st.sampled_from(
    ["id", "name", "scheme", "url", "amount", "currency", "roles", "startDate", "documents", "ocid"]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


def _paths(value: object, path: str = "") -> list[str]:
    """Every path in a value, as release() takes it."""
    steps: list[Any] = list(enumerate(value)) if isinstance(value, list) else []
    steps = list(value.items()) if isinstance(value, dict) else steps
    below = [_paths(inner, f"{path}.{step}".lstrip(".")) for step, inner in steps]
    return ([path] if path else []) + [one for paths in below for one in paths]


def _read_or_complain(file: bytes) -> None:
    complaint = "."
    try:
        read(file)
    except Unreadable as unreadable:
        complaint = str(unreadable)
    assert complaint.endswith(".")


@fuzzed
@given(st.sampled_from(_paths(WHOLE)), VALUES)
def test_a_release_with_anything_in_any_field_is_taken_or_refused(path: str, value: object) -> None:
    outcomes = read(package(release(path, value), WHOLE))

    assert len(outcomes) == 2
    assert isinstance(outcomes[1], Taken)
    assert outcomes[1].content["tender"]["title"] == "Waste collection rounds"
    for outcome in outcomes:
        if isinstance(outcome, Taken):
            json.dumps(outcome.content, allow_nan=False).encode()
            project(compiled([outcome.content]))
        else:
            assert outcome.reason.endswith(".")


@fuzzed
@given(VALUES)
def test_a_file_of_any_json_is_read_or_unreadable(value: object) -> None:
    for file in (
        json.dumps(value),
        json.dumps({"releases": value}),
        json.dumps({"records": value}),
    ):
        _read_or_complain(file.encode())


@fuzzed
@given(
    st.lists(st.tuples(st.integers(0, 5_000), st.binary(max_size=6)), min_size=1, max_size=4),
    st.sampled_from(["utf-8", "utf-16", "windows-1252"]),
)
def test_a_file_with_bytes_changed_anywhere_is_read_or_unreadable(
    changes: list[tuple[int, bytes]], encoding: str
) -> None:
    file = bytearray(package(WHOLE, WHOLE).decode().encode(encoding))
    for position, changed in changes:
        file[position % len(file) : position % len(file) + 3] = changed
    _read_or_complain(bytes(file))


@fuzzed
@given(
    st.lists(st.tuples(st.sampled_from(_paths(WHOLE)), VALUES), min_size=2, max_size=4),
    st.randoms(use_true_random=False),
)
def test_releases_add_up_to_the_same_notice_in_any_order(
    changes: list[tuple[str, object]], random: Any
) -> None:
    dated = [
        release(path, value, date=f"2026-03-0{number % 3 + 1}T09:00:00Z", id=f"r{number}")
        for number, (path, value) in enumerate(changes)
    ]
    contents = [o.content for o in Reader(BytesIO(package(*dated))) if isinstance(o, Taken)]
    if contents:
        expected = project(compiled(contents))
        random.shuffle(contents)
        assert project(compiled(contents)) == expected
        assert project(compiled(contents + contents)) == expected
