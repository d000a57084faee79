"""What can be done with notices: reading a file of them in."""

from pathlib import PurePosixPath
from typing import IO

from marketplace.core import files
from marketplace.core.context import Context
from marketplace.core.files import ObjectStore
from marketplace.notices.models import Import
from marketplace.perform import perform, require
from marketplace.verbs import Verb

LONGEST_NAME = 100  # characters


def blank(ctx: Context) -> Import:
    """An import of the actor's own organisation before there is a file."""
    return Import(
        name="",
        size=0,
        person_name=ctx.actor.name,
        organisation_id=ctx.actor.organisation_id,
        created_at=ctx.now,
    )


def upload(ctx: Context, store: ObjectStore, file: IO[bytes], name: str, size: int) -> Import:
    """Keeps a file of notices; it is read and written when the news of it is delivered."""
    import_ = blank(ctx)
    require(ctx, Verb.NOTICE_IMPORT, import_)  # before half a gigabyte is copied
    import_.name, import_.size = _shown(name), size
    import_.key = files.keep(store, file)
    perform(ctx, Verb.NOTICE_IMPORT, import_, name=import_.name)
    return import_


def _shown(name: str) -> str:
    """The last part of a file's name, for people to recognise it by."""
    last = PurePosixPath(name.replace("\\", "/")).name
    readable = "".join(letter for letter in last if letter.isprintable()).strip()
    return readable[:LONGEST_NAME] or "A file without a name"
