"""Whatever is typed or stored is answered: no exception, no syntax that bites."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.port import Index
from tests.search.documents import PRODUCTS, document, find, found, marked, match, plain

STRANGE = [
    "AND",
    "OR NOT",
    "NEAR(waste bins, 3)",
    "title:waste",
    "{title body}:waste",
    "^waste",
    "waste*",
    '"waste',
    '""',
    '" "',
    "-waste +bins",
    "(((((",
    "waste\x00bins",
    "\x00",
    "\ud800 waste \udfff",
    "%_' ; DROP TABLE document; --",
    "🙂🙃 👩‍👩‍👧",
    "نفايات تجارية",
    "פסולת מסחרית",
    "商業廃棄物",
    "\u202ewaste\u202c",
    "ﷺ ½ ﬁne",
    "a\u0301" * 500,
    "the of and to",
    "x" * 100_000,
    "waste " * 20_000,
    '"' * 10_000,
    "\n\t\r",
]


@pytest.mark.parametrize("typed", STRANGE, ids=range(len(STRANGE)))
def test_strange_words_are_answered(index: Index, typed: str) -> None:
    answer = find(index, typed, facets=("area",))
    assert answer.total >= len(answer.hits)
    assert all(0 < one.score <= 1 for one in match(index, typed))


@pytest.mark.parametrize("typed", ["title:lettings", "lettings*", "^lettings", "-lettings"])
def test_a_query_language_is_read_as_words(index: Index, typed: str) -> None:
    assert "product-4" in found(index, typed)


@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
def test_strange_documents_are_kept_and_leave_the_others_alone(index: Index, text: str) -> None:
    index.put([document("notice-1", text, text, facets={text: (text,)})])
    assert index.count() == len(PRODUCTS) + 1
    assert found(index, "mendline") == ["product-3"]
    newest_first = find(index, "", kinds=frozenset({"notice"})).hits
    assert [hit.id for hit in newest_first] == ["notice-1"]


def test_other_scripts_are_found_and_marked(index: Index) -> None:
    index.put([document("notice-1", "إدارة النفايات التجارية", "商業廃棄物 management")])
    (hit,) = find(index, "النفايات").hits
    assert marked(hit.title) == ["النفايات"]
    assert found(index, "商業廃棄物") == ["notice-1"]


def test_markup_in_a_document_stays_text(index: Index) -> None:
    index.put([document("notice-1", "<b>Kerb</b> & <script>alert(1)</script>")])
    (hit,) = find(index, "alert").hits
    assert plain(hit.title) == "<b>Kerb</b> & <script>alert(1)</script>"
    assert marked(hit.title) == ["alert"]


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(max_size=60))
def test_any_text_is_answered_with_its_texts_whole(index: Index, typed: str) -> None:
    titles = {one.id: one.title for one in PRODUCTS}
    for hit in find(index, typed, facets=("area", "price")).hits:
        assert plain(hit.title) == titles[hit.id]
    match(index, typed)


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    words=st.lists(st.sampled_from(["kerbside", "wsate", "damp", "zzz", "the", '"']), max_size=6),
    kinds=st.frozensets(st.sampled_from(["product", "challenge", "none"])),
    area=st.frozensets(st.sampled_from(["waste", "planning", "none"])),
    page=st.integers(-1, 4),
    size=st.integers(1, 5),
)
def test_counts_agree_with_what_is_found(
    index: Index,
    words: list[str],
    kinds: frozenset[str],
    area: frozenset[str],
    page: int,
    size: int,
) -> None:
    typed = " ".join(words)
    values = {"kinds": kinds, "filters": {"area": area}, "facets": ("area",)}
    answer = find(index, typed, page=page, size=size, **values)
    everything = find(index, typed, size=1000, **values)
    assert answer.total == everything.total == len(everything.hits)
    first = (max(page, 1) - 1) * size
    assert answer.hits == everything.hits[first : first + size]
    counted = sum(n for kind, n in answer.kinds.items() if not kinds or kind in kinds)
    assert counted == answer.total
    assert sum(n for value, n in answer.facets["area"].items() if not area or value in area) == (
        answer.total
    )
