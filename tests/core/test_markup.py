"""Is what people write shown as they meant it, and never run?"""

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st

from marketplace.core.markup import html

SAFE = {
    *("p", "br", "hr", "em", "strong", "ul", "ol", "li", "blockquote", "pre", "code", "a"),
    *("h3", "h4", "h5", "h6"),
}


def test_paragraphs_and_lines_stay_as_they_were_typed() -> None:
    assert html("One\ntwo\n\nthree") == "<p>One<br>\ntwo</p>\n<p>three</p>\n"


def test_headings_begin_below_those_of_the_page() -> None:
    assert html("# High\n\n###### Low") == "<h3>High</h3>\n<h6>Low</h6>\n"


def test_lists_and_stress_are_drawn() -> None:
    assert html("3. *very*") == '<ol start="3">\n<li><em>very</em></li>\n</ol>\n'


def test_a_link_vouches_for_nothing() -> None:
    rel = 'rel="nofollow noopener noreferrer"'
    assert (
        html("[here](https://a.example/)")
        == f'<p><a href="https://a.example/" {rel}>here</a></p>\n'
    )


def test_a_picture_is_only_a_link_to_it() -> None:
    drawn = html("![tracker](https://a.example/p.png)")
    assert "<img" not in drawn
    assert ">tracker</a>" in drawn


def test_html_is_shown_as_it_was_typed() -> None:
    assert html("<b>bold</b>") == "<p>&lt;b&gt;bold&lt;/b&gt;</p>\n"


PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "<javascript:alert(1)>",
    '[x](https://a.example "onmouseover=alert(1)")',
    '[x](https://a.example/"onmouseover="alert(1))',
    "![x](javascript:alert(1))",
    "[x]: javascript:alert(1)\n\n[x]",
    '```" onmouseover=alert(1)\n<script>\n```',
    "`<script>alert(1)</script>`",
    "<a href=javascript:alert(1)>x</a>",
    "<style>@import 'https://a.example'</style>",
    "<!--><script>alert(1)</script>-->",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "\u202e<script>",
    "\x00<script>alert(1)</script>",
]


def assert_safe(drawn: str) -> None:
    for tag in BeautifulSoup(drawn, "html.parser").find_all(True):
        assert tag.name in SAFE
        assert set(tag.attrs) <= {"href", "rel", "title", "start"}
        scheme = str(tag.get("href", "")).partition(":")[0].lower()
        assert scheme not in {"javascript", "data", "vbscript", "file"}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_runs_comes_through(payload: str) -> None:
    assert_safe(html(payload))


@given(st.lists(st.sampled_from([*PAYLOADS, "[", "](", ")", "`", "\n\n", "> ", "<", "&", "a"])))
@example(["> " * 3000])
def test_nothing_that_runs_comes_through_in_any_mixture(pieces: list[str]) -> None:
    assert_safe(html("".join(pieces)))
