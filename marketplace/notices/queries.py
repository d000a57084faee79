"""What can be seen of notices, of their releases and of imports."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import tuple_
from sqlalchemy.orm import load_only
from sqlmodel import Session, col, select

from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.notices.models import Import, Notice, Release
from marketplace.notices.reading import OTHER, PORTALS
from marketplace.notices.staging import Content, Key
from marketplace.policy import visible_to

SIZE = 25  # notices on a page
RELEASES = 50  # on the page of a notice, the newest
IMPORTS = 10  # earlier ones, where one uploads
NEW = 50  # notices on the page of the import that brought them


def one(ctx: Context, id: UUID) -> Notice:
    seen = select(Notice).where(Notice.id == id, visible_to(ctx.actor, Notice))
    if notice := ctx.session.exec(seen).one_or_none():
        return notice
    raise NotFound("There is no such notice.")


def releases(ctx: Context, notice: Notice) -> Sequence[tuple[Release, list[str]]]:
    """Its releases with their tags, newest first."""
    of_it = select(Release).where(Release.notice_id == notice.id, visible_to(ctx.actor, Release))
    newest = of_it.order_by(col(Release.released_at).desc(), col(Release.release_id).desc())
    found = ctx.session.exec(newest.limit(RELEASES)).all()
    return [(release, json.loads(release.content)["tag"]) for release in found]


# ---- The list


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to: any value within a filter, every filter."""

    source: frozenset[str] = frozenset()  # OTHER or the name of a portal
    division: frozenset[str] = frozenset()  # two digits
    is_open: bool = False  # bids can still be made
    brought_by: UUID | None = None  # an import


def listed(
    ctx: Context, filters: Filters, after: UUID | None = None, size: int = SIZE
) -> tuple[Sequence[Notice], UUID | None]:
    """Notices, newest first, from the one after `after`; and where to go on."""
    rows = select(Notice).where(visible_to(ctx.actor, Notice))
    if filters.source:
        named = col(Notice.source).in_(filters.source)
        unnamed = col(Notice.source).not_in(PORTALS.values())
        rows = rows.where(named | unnamed if OTHER in filters.source else named)
    if filters.division:
        rows = rows.where(col(Notice.division).in_(filters.division))
    if filters.is_open:
        rows = rows.where(col(Notice.tender_ends_at) > ctx.now)
    if filters.brought_by:
        rows = rows.where(Notice.import_id == one_import(ctx, filters.brought_by).id)
    if after:
        last = one(ctx, after)
        place = tuple_(col(Notice.published_at), col(Notice.id))
        rows = rows.where(place < (last.published_at, last.id))
    rows = rows.order_by(col(Notice.published_at).desc(), col(Notice.id).desc())
    found = ctx.session.exec(rows.limit(size + 1).options(_short())).all()
    return found[:size], found[size - 1].id if len(found) > size else None


def found(ctx: Context, ids: Collection[UUID]) -> Mapping[UUID, Notice]:
    """Those of these notices that there are, by id."""
    rows = select(Notice).where(col(Notice.id).in_(ids), visible_to(ctx.actor, Notice))
    return {one.id: one for one in ctx.session.exec(rows.options(_short()))}


def _short() -> Any:
    """Only the columns that a list shows."""
    columns: list[Any] = [
        Notice.title,
        Notice.buyer_name,
        Notice.source,
        Notice.tags,
        Notice.cpv,
        Notice.amount,
        Notice.currency,
        Notice.published_at,
        Notice.tender_ends_at,
    ]
    return load_only(*columns)


# ---- Imports


def one_import(ctx: Context, id: UUID) -> Import:
    seen = select(Import).where(Import.id == id, visible_to(ctx.actor, Import))
    if import_ := ctx.session.exec(seen).one_or_none():
        return import_
    raise NotFound("There is no such import.")


def imports(ctx: Context) -> Sequence[Import]:
    """The newest that the actor may see."""
    seen = select(Import).where(visible_to(ctx.actor, Import))
    newest = seen.order_by(col(Import.created_at).desc(), col(Import.id).desc()).limit(IMPORTS)
    columns: list[Any] = [Import.name, Import.state, Import.new, Import.updated, Import.created_at]
    return ctx.session.exec(newest.options(load_only(*columns))).all()


@dataclass(frozen=True, slots=True)
class Known:
    """A notice that is there already, with its releases by their ids."""

    id: UUID
    releases: dict[str, Content] = field(default_factory=dict)


def known(session: Session, keys: Collection[Key]) -> Mapping[Key, Known]:
    """Those of these notices that are there, locked until the transaction ends."""
    rows = select(Notice.id, Notice.ocid, Notice.buyer_key)
    of_these = rows.where(col(Notice.ocid).in_({ocid for ocid, _ in keys})).order_by(
        col(Notice.ocid), col(Notice.buyer_key)
    )
    found = {
        (ocid, buyer_key): Known(id)
        for id, ocid, buyer_key in session.exec(of_these.with_for_update())
        if (ocid, buyer_key) in keys
    }
    by_id = {one.id: one for one in found.values()}
    if by_id:
        columns: Any = (
            Release.notice_id,
            Release.release_id,
            Release.released_at,
            Release.content,
        )
        kept = select(*columns).where(col(Release.notice_id).in_(by_id))
        for notice_id, release_id, at, content in session.exec(kept):
            date = at.isoformat(timespec="microseconds")
            by_id[notice_id].releases[release_id] = (release_id, date, content)
    return found
