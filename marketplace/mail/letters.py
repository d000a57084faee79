"""A letter: what one mail says, drawn as text and as HTML with one layout for all."""

from dataclasses import dataclass, replace
from uuid import UUID

from marketplace.core.pages import strict

LONGEST_SUBJECT = 150  # characters


@dataclass(frozen=True, slots=True)
class Group:
    """News of one kind, under its title."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter says, before it is drawn."""

    subject: str  # what it is about and what to do
    why: str  # why its reader gets it
    lines: tuple[str, ...]  # paragraphs
    link: tuple[str, str] = ("", "")  # its words and its address
    after: tuple[str, ...] = ()  # paragraphs below the link
    groups: tuple[Group, ...] = ()
    unsubscribe: str = ""  # the address that ends mail of this kind
    ends: str = ""  # which kind that is
    calendar: bytes = b""  # a file with the deadlines that it names


@dataclass(frozen=True, slots=True)
class Letter:
    """What is handed to a sender."""

    id: UUID  # of the mail; the same when it is sent again after a crash
    to: str
    subject: str
    text: str
    html: str
    unsubscribe: str = ""
    calendar: bytes = b""


def drawn(words: Words, id: UUID, to: str, address: str) -> Letter:
    """The letter in both forms; `address` is where the marketplace is found."""
    subject = one_line(words.subject)
    words = replace(
        words,
        why=_tidy(words.why),
        lines=tuple(map(_tidy, words.lines)),
        after=tuple(map(_tidy, words.after)),
        groups=tuple(Group(one.title, tuple(map(_tidy, one.lines))) for one in words.groups),
    )
    about = {"words": words, "subject": subject, "address": address}
    return Letter(
        id=id,
        to=to,
        subject=subject,
        text=strict.get_template("emails/letter.txt").render(about).strip() + "\n",
        html=strict.get_template("emails/letter.html").render(about),
        unsubscribe=words.unsubscribe,
        calendar=words.calendar,
    )


def one_line(text: str) -> str:
    """Without line ends or anything else that cannot be seen: a subject is one line of a header."""
    line = _tidy(text)
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"


def _tidy(text: str) -> str:
    """A line of a letter is one line, so that what somebody typed cannot pass for our own words."""
    seen = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(seen.split())
