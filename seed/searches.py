"""The part of the story in which people save a search, to be told of what comes."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from pydantic import TypeAdapter, with_config

from marketplace.core.finding import stored
from marketplace.discovery import finding
from marketplace.notifications.models import Rhythm
from marketplace.saved import actions
from seed import world
from seed.scene import Scene, Step


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class SearchText:
    key: str
    organisation: str
    kind: finding.Kind
    name: str
    query: str
    rhythm: Rhythm
    saved: int  # days ago


def texts() -> tuple[SearchText, ...]:
    return world.read("searches.toml", "search", TypeAdapter(SearchText))


class Searches(Scene):
    def searches(self) -> Iterator[Step]:
        for turn, text in enumerate(texts()):
            yield Step(self.moment(text.saved, turn), partial(self._save, text))

    def _save(self, text: SearchText) -> None:
        asked = stored(finding.SCOPES[text.kind], text.query)
        actions.save(self.writes(text.organisation), asked, text.name, text.rhythm)
