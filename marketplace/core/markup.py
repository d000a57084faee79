"""What people write, as HTML that is safe to show: CommonMark without HTML or pictures."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_HIGHEST, _LOWEST = 3, 6  # levels of headings; the page and its sections have the first two
_TAGS = {"p", "br", "hr", "em", "strong", "ul", "ol", "li", "blockquote", "pre", "code", "a"}
_HEADINGS = {f"h{level}" for level in range(_HIGHEST, _LOWEST + 1)}

_commonmark = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image")


def html(written: str) -> Markup:
    """CommonMark as HTML, with HTML in the text shown as it was typed.

    A line stays a line. Links lead to the web or to mail, and vouch for nothing. Headings begin
    below those of the page.
    """
    tokens = _commonmark.parse(written)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1:]) + _HIGHEST - 1, _LOWEST)}"
    drawn = _commonmark.renderer.render(tokens, _commonmark.options, {})
    clean = nh3.clean(
        drawn,
        tags=_TAGS | _HEADINGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    return Markup(clean)  # noqa: S704 - cleaned the line before
