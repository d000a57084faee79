"""What can be done about mail: owe one, note that it came back, have it tried again."""

from uuid import UUID

import structlog

from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.mail import queries
from marketplace.notifications.models import Mail, MailStage
from marketplace.organisations.models import Person
from marketplace.perform import perform
from marketplace.verbs import Verb

LONGEST = 500  # characters of what a server said
log = structlog.get_logger()


def owe(ctx: Context, purpose: str, about_id: UUID, email: str, serial: int = 0) -> Mail | None:
    """Owes a mail, unless it is owed or sent already."""
    if not email or queries.known(ctx, purpose, about_id, email, serial):
        return None
    mail = Mail(
        purpose=purpose,
        about_id=about_id,
        email=email,
        serial=serial,
        due_at=ctx.now,
        created_at=ctx.now,
    )
    ctx.session.add(mail)
    ctx.session.flush()
    return mail


def retry(ctx: Context, mail: Mail) -> None:
    """Has a mail tried again at once, with all its attempts before it."""
    perform(ctx, Verb.MAIL_RETRY, mail)
    mail.due_at, mail.attempts, mail.error = ctx.now, 0, ""


def bounce(ctx: Context, message_id: str, why: str) -> bool:
    """Notes that a mail which was sent came back; whether it is one of ours."""
    mail = queries.sent_as(ctx, message_id)
    if mail is None:
        return False
    if mail.stage == MailStage.SENT:
        perform(ctx, Verb.MAIL_BOUNCE, mail)
        mail.error = " ".join(why.split())[:LONGEST]
        log.info("mail.bounced", mail_id=str(mail.id), purpose=mail.purpose)
    return True


def confirm(ctx: Context, person: Person) -> None:
    """A person whose mail came back says that their address works: we send a letter to it and, as
    long as that does not come back, news again.
    """
    if not queries.comes_back(ctx, person.email):
        raise Conflict("Mail to your address arrives, so there is nothing to confirm.")
    perform(ctx, Verb.ADDRESS_CONFIRM, person)
