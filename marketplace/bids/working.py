"""What the pages of a bid have in common."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from marketplace.bids import eligibility
from marketplace.bids.boxes import Box
from marketplace.bids.models import too_late
from marketplace.core import files, scanning
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.core.files import Stored
from marketplace.core.sealing import seal
from marketplace.core.times import HOUR, MINUTE
from marketplace.tenders import rounds
from marketplace.tenders.models import Tender


def frame(ctx: Context, tender: Tender, box: Box) -> dict[str, Any]:
    """What every page of a bid shows above its own part."""
    open_ = too_late(box.bid, ctx.now) is None
    obstacle = eligibility.obstacle(ctx, tender, box.bid.round) if open_ else None
    out = eligibility.left_out(ctx, tender, box.bid.round)
    left = box.bid.closes_at - ctx.now if open_ and box.bid.closes_at else None
    return {
        "tender": tender,
        "bid": box.bid,
        "box": box,
        "open_": open_,
        "may_change": open_ and obstacle is None,
        "obstacle": out or obstacle,
        "out": out is not None,
        "left_over": remaining(left) if left else "",
        "its_stage": rounds.one(tender, box.bid.round),
        "within": within(box.bid.round),
    }


def chosen(ctx: Context, tender: Tender, stage: str) -> str:
    """The round that an address is about; without any, the one that one can bid in."""
    if not stage:
        return rounds.current(tender, ctx.now)
    if stage in rounds.ids(tender):
        return stage
    raise NotFound("There is no such stage.")


def within(round: str) -> str:
    """What an address has so that a page of one round is never taken for another's."""
    return f"?stage={round}" if round else ""


def remaining(left: timedelta) -> str:
    """Such as "6 days 3 hours" or "12 minutes"; never more than there is."""
    hours, minutes = left.seconds // HOUR, left.seconds % HOUR // MINUTE
    parts = [(left.days, "day"), (hours, "hour")] if left.days else [(hours, "hour")]
    parts += [] if left.days else [(minutes, "minute")]
    said = [f"{number} {word}{'' if number == 1 else 's'}" for number, word in parts if number]
    return " ".join(said) or "less than a minute"


def handed_out(request: Request, ctx: Context, stored: Stored) -> Response:
    """A sealed file, opened for whoever may have it."""
    scanning.must_be_clean(ctx, stored.key)
    opened = seal(ctx.settings).opened_file(request.app.state.files, stored.key)
    headers = files.download_headers(stored)
    return StreamingResponse(BytesIO(opened.read()), headers=headers)
