"""The part of the story in which suppliers bid, and authorities open bids."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from pydantic import TypeAdapter

from marketplace.bids import actions, opening_actions, queries, selecting
from marketplace.bids.forms import ELSE, line
from marketplace.bids.selecting import Said
from marketplace.core.drafts import Opened
from marketplace.tenders import rounds
from marketplace.tenders.models import Tender
from seed.scene import Scene, Step

FILES = ("bids.toml", "together.toml", "awarded.toml")
TEXTS = tuple(Path(__file__).with_name("world") / name for name in FILES)
OPENED = ("library-printing", "islington", 5)  # the tender, its one authority, days ago

# Tenders with stages: the tender, and who opens its bids.
STAGED = ("reporting-streets", "camden", "hackney")
UNDECIDED = ("counting-visitors", "hackney", "camden")  # who goes on from its first stage


@dataclass(frozen=True, slots=True)
class BidText:
    tender: str
    supplier: str
    days_ago: int
    answers: Sequence[str]  # to the questions, in their order
    # What, how many, the price of one. Where there are lots, the first is for the first of them.
    prices: Sequence[tuple[str, str, str]]
    standards: str
    submitted: bool = True
    score: str = ""  # by which it goes on from a stage or not, and the reason
    because: str = ""


def texts() -> tuple[BidText, ...]:
    found = [
        one for file in TEXTS for one in tomllib.loads(file.read_text(encoding="utf-8"))["bid"]
    ]
    return TypeAdapter(tuple[BidText, ...]).validate_python(found)


class Bids(Scene):
    def bids(self) -> Iterator[Step]:
        for turn, text in enumerate(texts()):
            yield Step(self.moment(text.days_ago, turn), partial(self._bid, text))
        key, authority, days_ago = OPENED
        yield Step(self.moment(days_ago), partial(self._open_bids, key, authority))
        yield Step(self.moment(18), partial(self._open_together, *STAGED))
        yield Step(self.moment(10), partial(self._decide_who_goes_on, *STAGED))
        yield Step(self.moment(6), partial(self._open_together, *UNDECIDED))

    def _bid(self, text: BidText) -> None:
        ctx, tender = self.writes(text.supplier), self._tender(text.tender)
        work = actions.work(ctx, actions.start(ctx, tender))
        for slug, task in work.tasks.items():
            known = self._answers(text, work)
            typed = {name: known[name] for name in task.form.model_fields if name in known}
            actions.edit(ctx, tender, slug, typed, Opened(uuid4().hex, ""))
        if text.submitted:
            self.made.setdefault(("bids", tender.id), []).append(work.box.bid.id)
            actions.submit(ctx, tender)

    def _answers(self, text: BidText, work: actions.Work) -> dict[str, Any]:
        asked = [one for one in work.asked.questions if one.text and one.kind != "Price"]
        told = {one.field: said for one, said in zip(asked, text.answers, strict=False)}
        lots = work.asked.lots
        for number, parts in enumerate(text.prices, 1):
            told |= {
                line(number, part): said
                for part, said in zip(("item", "quantity", "price"), parts, strict=True)
            }
            told |= {line(number, "lot"): one.id for one in lots[number - 1 : number]}
        for one in work.asked.standards:
            told |= {f"meets_{one.key}": ELSE, f"how_{one.key}": text.standards}
        grounds = dict.fromkeys(("mandatory", "discretionary", "debarred"), "false")
        return (
            told
            | grounds
            | {
                "contact_name": "Bids team",
                "contact_email": f"bids@{text.supplier}.example",
                "members": [],
                "lots": [one.id for one in lots[: len(text.prices)]],
                "brings": "",
                "vat_rate": "20",
                "true_and_ours": "true",
            }
        )

    def _open_bids(self, key: str, authority: str) -> None:
        opening_actions.finish(self.writes(authority), self._tender(key))

    def _open_together(self, key: str, lead: str, partner: str) -> None:
        opening_actions.begin(self.writes(lead), self._tender(key))
        self.session.flush()
        opening_actions.finish(self.writes(partner), self._tender(key))

    def _decide_who_goes_on(self, key: str, lead: str, partner: str) -> None:
        ctx, tender = self.writes(lead), self._tender(key)
        its = rounds.with_bids(tender)[0]
        told = {self.ids[one.supplier]: one for one in texts() if one.tender == key and one.score}
        by_bid = {one.id: told[one.organisation_id] for one in queries.bids(ctx, tender, its.id)}
        scores = {id: Decimal(text.score) for id, text in by_bid.items()}
        on = selecting.first(scores, its.most or len(scores)).on
        said = {id: Said(id in on, text.because, scores[id]) for id, text in by_bid.items()}
        opening_actions.choose(ctx, tender, its, said, opening_actions.stamp({}))
        opening_actions.tell(ctx, tender, its.id)

    def _tender(self, key: str) -> Tender:
        tender: Tender = self.made["tender", key]
        return tender
