"""What a person can do about their calendar."""

from marketplace.core.context import Context
from marketplace.organisations.models import Person
from marketplace.perform import perform
from marketplace.verbs import Verb


def renew(ctx: Context, person: Person) -> None:
    """Gives a person's calendar a new address; whoever knows the earlier one sees nothing more."""
    perform(ctx, Verb.CALENDAR_RENEW, person)
    person.calendar_serial += 1
