"""The part of the story in which authorities keep products, and freeze one list as the record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from pydantic import TypeAdapter, with_config

from marketplace.core.forms import bind
from marketplace.shortlists import actions
from marketplace.shortlists.forms import Freezing, Starting
from marketplace.shortlists.models import Shortlist
from search.port import Index
from seed import world
from seed.scene import Scene, Step
from seed.world import Authority, Prose

READING = timedelta(minutes=7)  # of a listing, before something is noted on it


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class KeptText:
    key: str
    note: Prose = ""


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class ShortlistText:
    key: str
    authority: Authority
    name: str
    challenge: str
    started: int  # days ago, as the other
    product: tuple[KeptText, ...]
    frozen: int | None = None
    because: Prose = ""


def texts() -> tuple[ShortlistText, ...]:
    return world.read("shortlists.toml", "shortlist", TypeAdapter(ShortlistText))


class Shortlists(Scene):
    """The shortlists of the story, by their keys among what it made."""

    def shortlists(self, index: Index) -> Iterator[Step]:
        for turn, text in enumerate(texts()):
            started = self.moment(text.started, turn)
            yield Step(started, partial(self._start_list, text))
            for place, one in enumerate(text.product, start=1):
                if one.note:
                    yield Step(started + place * READING, partial(self._note, text, one))
            if text.frozen is not None:
                yield Step(self.moment(text.frozen, turn), partial(self._freeze, text, index))

    def _start_list(self, text: ShortlistText) -> None:
        ctx = self.writes(text.authority)
        challenge = self.made[text.challenge].id
        typed = {
            "name": text.name,
            "challenge_id": str(challenge),
            "id": [str(self.made[one.key].id) for one in text.product],
        }
        # What is frozen was chosen one by one: in the past there is no index to search.
        found_by = "" if text.frozen is not None else f"/challenges/{challenge}/matches"
        made = actions.start(ctx, bind(Starting, typed), found_by)
        if not isinstance(made, Shortlist):
            raise ValueError(f"{text.key}: {dict(made.errors)}")
        self.session.flush()
        self.made["shortlist", text.key] = made

    def _note(self, text: ShortlistText, one: KeptText) -> None:
        shortlist: Shortlist = self.made["shortlist", text.key]
        actions.note(self.writes(text.authority), shortlist, self.made[one.key].id, one.note)

    def _freeze(self, text: ShortlistText, index: Index) -> None:
        said = Freezing(because=text.because, understood=True)
        shortlist: Shortlist = self.made["shortlist", text.key]
        actions.freeze(self.writes(text.authority), index, shortlist, said)
