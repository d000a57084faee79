"""What somebody types cannot become a header, a recipient, a link or markup of a mail."""

from uuid import uuid4

import pytest

from marketplace.mail.letters import Words, drawn
from marketplace.mail.sending import Refused
from marketplace.mail.smtp import Smtp, message
from tests.browser_of_pages import HERE
from tests.mail.post import SENDER, html, text


def test_what_somebody_types_cannot_add_a_header(office, submitted):
    submitted(title="Bins\r\nBcc: everybody@example.org\r\n\r\nA body of my own")
    [mail] = office.send()
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Review: Bins Bcc: everybody@example.org A body of my own"
    assert text(mail).startswith("You get this because")


@pytest.mark.parametrize(
    "email", ["a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "nobody", ""]
)
def test_what_is_no_address_is_refused_and_not_tried_again(marketplace, email):
    letter = drawn(Words("S", "W", ()), uuid4(), email, HERE)
    with pytest.raises(Refused):
        Smtp("smtp://127.0.0.1:1", SENDER).send(letter)


def test_a_long_address_to_unsubscribe_stays_readable():
    words = Words("S", "W", (), unsubscribe=f"{HERE}/unsubscribe/{'a' * 300}", ends="News")
    made = message(drawn(words, uuid4(), "a@b.example", HERE), SENDER).as_bytes()
    assert f"List-Unsubscribe: <{HERE}/unsubscribe/{'a' * 300}>\r\n".encode() in made


def test_what_somebody_types_is_no_markup(office, submitted):
    submitted(title="<a href='https://evil.example'>Sign in</a>")
    [mail] = office.send()
    assert "<a href='https://evil" not in html(mail)
