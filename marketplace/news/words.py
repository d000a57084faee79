"""What a line of news is made of, and the words that several of them share."""

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.notifications.topics import Audience, Topic
from marketplace.verbs import Verb


@dataclass(frozen=True, slots=True)
class News:
    """What one audience is told, and where its one link goes."""

    to: Audience
    topic: Topic
    subject: str  # what it is and, where there is something to do, what to do
    body: tuple[str, ...]  # sentences
    href: str
    # About the safety of one's account: told to whoever did it too, by mail at once, always.
    security: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """It is told by a mail to an address, whether or not there is a person behind it."""

    to: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nobody is told."""

    because: str


Table = Mapping[Verb, tuple[News, ...] | Letter | Quiet]

PEOPLE = "/organisation"
ACCOUNT = "/account"
BECAUSE = "The reason: {because}"
DRAFTING = Quiet("only those who draft it see it, and they would hear of every saved answer")
OWN_DOING = Quiet("a person does it for themselves, and the page says that it is done")
