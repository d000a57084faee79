"""The front door: everything an operator does. Every command obeys DATA_DIR and DATABASE_URL."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from marketplace import serving
from marketplace.settings import Misconfigured, Settings, read

if TYPE_CHECKING:  # commands import what they need, so that --help answers at once
    from marketplace.app import Marketplace

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
out = Console(highlight=False)


def refuse(why: str) -> NoReturn:
    """Ends the command with one sentence and exit code 2."""
    print(why, file=sys.stderr)  # noqa: T201 - the one place that speaks to a terminal's error stream
    raise typer.Exit(2)


@cli.command()
def run() -> None:
    """Prepare everything that is missing, then serve: database, demo world, search index."""
    settings = _settings()
    _free(settings)
    with _marketplace(settings) as marketplace:
        if settings.demo:
            _plant(marketplace)
        _fill(marketplace)
    serving.serve(settings, 1, out)


@cli.command()
def serve(workers: Annotated[int, typer.Option(min=1, help="Server processes.")] = 1) -> None:
    """Serve the marketplace with a database that is already prepared."""
    settings = _settings()
    _free(settings)
    serving.serve(settings, workers, out)


@cli.command()
def migrate() -> None:
    """Bring the database to the newest revision, from nothing if need be."""
    with _marketplace(_settings()):
        out.print("The database is at the newest revision.")


@cli.command()
def seed() -> None:
    """Plant the demo world, unless there are organisations already."""
    with _marketplace(_settings()) as marketplace:
        planted = _plant(marketplace)
        out.print("The demo world is planted." if planted else "There is a world already.")


@cli.command()
def register() -> None:
    """Enter London's authorities and LOTI in the register, those that are missing."""
    from marketplace.core import db
    from marketplace.organisations import actions

    with _marketplace(_settings()) as marketplace, db.writing(marketplace.engine) as session:
        number = actions.register_london(marketplace.context(session))
        session.commit()
        out.print(f"{number} organisations were entered.")


@cli.command()
def standards() -> None:
    """Enter the standards that come with the marketplace as drafts, those that are missing."""
    from marketplace.core import db
    from marketplace.standards import shipping

    with _marketplace(_settings()) as marketplace, db.writing(marketplace.engine) as session:
        number = shipping.enter(marketplace.context(session))
        session.commit()
        out.print(f"{number} standards were entered as drafts. LOTI's curators publish them.")


@cli.command()
def invite(
    address: Annotated[str, typer.Argument(help="The e-mail address of whoever is invited.")],
    organisation: Annotated[str, typer.Argument(help="The organisation's slug, such as camden.")],
    role: Annotated[list[str], typer.Option(help="What they may do there; can be repeated.")] = [  # noqa: B006 - typer copies it
        "administrator"
    ],
) -> None:
    """Invite somebody where nobody can invite yet, and print the link to give them."""
    from auth.actor import OFFERED
    from marketplace.core import db
    from marketplace.core.errors import Problem
    from marketplace.core.forms import bind
    from marketplace.core.times import when
    from marketplace.organisations import queries
    from marketplace.people import actions, invitations
    from marketplace.people.forms import Inviting

    settings = _settings()
    with _marketplace(settings) as marketplace, db.writing(marketplace.engine) as session:
        ctx = marketplace.context(session)
        found = queries.by_slug(ctx, organisation)
        if found is None:
            refuse(
                f"There is no organisation {organisation}. London's authorities and LOTI come in "
                "with: python -m marketplace register"
            )
        if not set(role) <= set(OFFERED[found.kind]):
            refuse(f"The roles of {found.called} are: {', '.join(OFFERED[found.kind])}.")
        form = bind(Inviting, {"email": address, "roles": role})
        if form.value is None:
            refuse(f"{form.errors['email']}.")
        try:
            sent = actions.invite(ctx, found, form.value.email, form.value.roles)
        except Problem as why:
            refuse(f"{str(why).rstrip('.')}.")
        session.commit()
        out.print(f"{sent.email} is invited to {found.called} until {when(sent.expires_at)}:")
        print(invitations.address(settings, sent))  # noqa: T201 - whole, however narrow the terminal


@cli.command()
def personas() -> None:
    """List the people of the demo that anybody may sign in as."""
    from marketplace.organisations.personas import PERSONAS

    table = Table("Persona", "Name", "What they do", box=None)
    for persona in PERSONAS.values():
        table.add_row(persona.slug, persona.name, persona.about)
    out.print(table)


@cli.command("import-notices")
def import_notices(
    file: Path,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Read published notices (OCDS 1.1) from a file; reading it again changes nothing."""
    from marketplace.core import outbox
    from marketplace.notices import importing, printing
    from marketplace.notices.models import Import
    from marketplace.notices.reading import Unreadable

    try:
        stream = file.open("rb")
    except OSError as why:
        refuse(f"Cannot read {file}: {why.strerror}.")
    with stream, _marketplace(_settings()) as marketplace:
        about = Import(name=file.name, size=file.stat().st_size, person_name="An operator")
        try:
            with printing.bar(file.name, about.size, silent=as_json) as watch:
                done = importing.from_file(
                    marketplace.engine, marketplace.context, stream, about, watch
                )
        except Unreadable as why:
            refuse(f"{file}: {why}")
        if as_json:
            printing.say(printing.as_json(done))
        else:
            printing.show(done, out)
        outbox.deliver(marketplace.engine)


@cli.command("import-cpv")
def import_cpv(file: Path) -> None:
    """Read the whole list of CPV codes in, in place of what was read in before."""
    from marketplace.core import db
    from marketplace.reference import codes

    try:
        read_in = codes.read(file)
    except codes.Unreadable as why:
        refuse(f"{file}: {why}")
    with _marketplace(_settings()) as marketplace, db.writing(marketplace.engine) as session:
        codes.replace(session, read_in)
        session.commit()
    out.print(f"{len(read_in):,} CPV codes can be chosen. A server that runs knows in a minute.")


@cli.command()
def reindex() -> None:
    """Fill the search index anew from the database."""
    from marketplace.discovery import indexing
    from search.meili.server import Rejected
    from search.port import Unavailable

    with _marketplace(_settings()) as marketplace, out.status("Reading …") as status:

        def watch(engine: str, number: int) -> None:
            if number % 100 == 0:
                status.update(f"{number:,} documents are read for the {engine} index …")

        try:
            number = indexing.reindex(marketplace.engine, marketplace.index, watch)
        except (Unavailable, Rejected) as why:
            refuse(f"{why} What was sent is kept: the next attempt goes on from there.")
        out.print(f"{number:,} documents are in the search index.")


@cli.command("rotate-seal-key")
def rotate_seal_key() -> None:
    """Put what SEAL_KEY_OLD sealed under SEAL_KEY, which is new; both are set meanwhile."""
    from marketplace.bids.rotating import rotate
    from marketplace.core.errors import Unavailable
    from marketplace.core.sealing import seal

    settings = _settings()
    if not settings.seal_key_old:
        refuse("Set SEAL_KEY to a new key, and SEAL_KEY_OLD to what it was. Then start this again.")
    with _marketplace(settings) as marketplace, out.status("Sealing anew …"):
        try:
            done = rotate(marketplace.engine, marketplace.files, seal(settings))
        except Unavailable as why:
            refuse(str(why))
    out.print(f"{done.boxes:,} bids, {done.letters:,} letters and {done.files:,} files are sealed.")
    out.print("Remove SEAL_KEY_OLD, and start every server again.")


@cli.command("search-keys")
def search_keys(
    master: Annotated[
        str,
        typer.Option(
            prompt="The server's master key",
            hide_input=True,
            envvar="MEILI_MASTER_KEY",
            help="Of the Meilisearch server at MEILI_URL; asked for where it is not given.",
        ),
    ],
) -> None:
    """Make the keys for a Meilisearch server, each with no more rights than it needs."""
    from search.meili import keys
    from search.meili.server import Server
    from search.port import Unavailable

    settings = _settings()
    if not settings.meili_url:
        refuse("Set MEILI_URL to the address of the Meilisearch server.")
    try:
        made = keys.make(Server(settings.meili_url, master))
    except Unavailable as why:
        refuse(str(why))
    for name, key in made.items():
        out.print(f"MEILI_API_KEY for {name}: {key}", soft_wrap=True)


@cli.command()
def deliver() -> None:
    """Deliver what the journal owes its listeners, once."""
    from marketplace.core import outbox

    with _marketplace(_settings()) as marketplace:
        out.print(f"{outbox.deliver(marketplace.engine):,} events were delivered.")


@cli.command()
def bounce(file: Path) -> None:
    """Note that a mail came back, from a mail server's report (RFC 3464); - is standard input."""
    from marketplace.core import db
    from marketplace.mail import actions, bouncing

    try:
        report = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as why:
        refuse(f"Cannot read {file}: {why.strerror}.")
    told = bouncing.read(report)
    if told is None:
        refuse(f"{file}: This is no report of a mail that could not be delivered.")
    with _marketplace(_settings()) as marketplace, db.writing(marketplace.engine) as session:
        ours = actions.bounce(marketplace.context(session), told.message_id, told.why)
        session.commit()
    out.print("It is noted." if ours else "No mail of ours has this id, so nothing is noted.")


@cli.command()
def deadlines(file: Path) -> None:
    """Check deadline vectors; print each mismatch and exit 1 if there is any."""
    from marketplace.law import examples

    raise typer.Exit(examples.run(file))


@cli.command("verify-audit")
def verify_audit(
    noted: Annotated[str, typer.Option(help="A block's hash noted earlier, NUMBER:HASH.")] = "",
) -> None:
    """Compare the journal with what was sealed; name the first row that differs, exit 1."""
    from marketplace.audit import checking
    from marketplace.audit.verifying import Noted

    number, _, hash = noted.partition(":")
    if noted and not (number.isascii() and number.isdigit() and len(hash) == 64):
        refuse("--noted must be the number of a block and its hash, such as 12:9f86d0….")
    with _marketplace(_settings()) as marketplace:
        compare = Noted(int(number), hash.lower()) if noted else None
        found = checking.check(marketplace.engine, compare)
    if found.finding:
        out.print(found.finding, markup=False, soft_wrap=True)
        raise typer.Exit(1)
    out.print(f"{found.entries} entries in {found.blocks} blocks are as they were sealed.")
    if found.blocks:
        out.print(f"Newest block: {found.blocks}:{found.newest}", soft_wrap=True)


def _settings() -> Settings:
    try:
        return read()
    except Misconfigured as why:
        refuse(str(why))


def _free(settings: Settings) -> None:
    """Says so before anything else when somebody listens at the address already."""
    if why := serving.taken(settings):
        refuse(
            f"Cannot listen on {settings.host}, port {settings.port}: {why}. "
            "Set HOST or PORT to another address."
        )


@contextmanager
def _marketplace(settings: Settings) -> "Iterator[Marketplace]":
    """The parts of the marketplace over a database at the newest revision."""
    from sqlalchemy.exc import OperationalError

    from marketplace.app import assemble
    from marketplace.core import db
    from marketplace.migrate import upgrade
    from marketplace.reference import codes

    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        (settings.data_dir / ".writable").touch()
        (settings.data_dir / ".writable").unlink()
    except OSError as why:
        refuse(f"Cannot write to the folder {settings.data_dir}: {why.strerror}. Set DATA_DIR.")
    try:
        marketplace = assemble(settings)
        upgrade(marketplace.engine)
        with db.reading(marketplace.engine) as session:
            codes.refresh(session)
    except OperationalError as why:
        refuse(f"The database does not answer: {str(why.orig).splitlines()[0]}")
    try:
        yield marketplace
    finally:
        marketplace.close()


def _plant(marketplace: "Marketplace") -> bool:
    """Plants the demo world and fills the index with it at once, instead of event by event."""
    from marketplace.core import outbox
    from seed.story import plant

    if not plant(marketplace):
        return False
    outbox.settle(marketplace.engine)
    _fill(marketplace, whatever_is_there=True)
    return True


def _fill(marketplace: "Marketplace", *, whatever_is_there: bool = False) -> None:
    """Fills the engines that are empty. One that is away is left out: the others answer for it."""
    from marketplace.discovery import indexing
    from search.fallback import engines
    from search.port import Unavailable

    for one in engines(marketplace.index):
        try:
            if whatever_is_there or one.count() == 0:
                indexing.reindex(marketplace.engine, one)
        except Unavailable as why:
            out.print(f"The {one.name} search engine is left out for now: {why}")


if __name__ == "__main__":
    cli()
