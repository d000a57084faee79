"""What only the claim knows of its evidence: whose it has to be, how old it may be, what for."""

import re
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from marketplace.claims.forms import Claiming, Evidencing
from marketplace.claims.models import Claim, Stage
from marketplace.claims.standing import ends_on, later
from marketplace.core.forms import BoundForm
from marketplace.core.times import day
from marketplace.standards.models import Requirement

_FORMS_OF_COMPANY = re.compile(r"\b(?:ltd|limited|plc|llp|cic|inc|gmbh|the)\b\.?", re.IGNORECASE)
_LEAVES_OUT = (
    r"\b(?:not|no|exclud\w+|except\w*|without|other than|apart from|outside)\b[^.;\n]{{0,60}}{name}"
)


def same_name(one: str, other: str) -> bool:
    """Whether two names are of the same organisation, whatever its legal form and punctuation."""

    def plain(name: str) -> str:
        return re.sub(r"\W+", "", _FORMS_OF_COMPANY.sub(" ", name.casefold()))

    return plain(one) == plain(other)


def leaves_out(scope: str, name: str) -> bool:
    """Whether a scope says that it excludes what is called so."""
    return bool(name and re.search(_LEAVES_OUT.format(name=re.escape(name)), scope, re.IGNORECASE))


def scoped(form: BoundForm[Claiming], name: str) -> BoundForm[Claiming]:
    """The claim, refused when its own scope excludes the product."""
    if form.value and leaves_out(form.value.scope, name):
        return form.refused(
            "scope", f"What you describe excludes {name}. Say what of {name} meets the standard"
        )
    return form


def evidenced(
    form: BoundForm[Evidencing],
    claim: Claim,
    points: Iterable[Requirement],
    today: date,
    *,
    file: bool,
) -> BoundForm[Evidencing]:
    """The evidence, refused where the claim and its standard say so."""
    given = form.value
    if given is None:
        return form
    form = _for_a_point(form, given, claim, {point.id for point in points})
    form = _in_their_name(form, given, claim)
    form = _dated(form, given, claim, today)
    if given.covers == "no":
        form = form.refused(
            "covers", f"Evidence that does not cover {claim.subject} cannot show that it complies"
        )
    if not file and not given.link:
        form = form.refused("link", "Choose a file, or enter a link to the evidence")
    if given.link:
        if given.seen_on is None:
            form = form.refused("seen_on", "Enter when you looked at the link")
        if not given.seen:
            form = form.refused("seen", "Enter what stood there")
    return form


def _for_a_point(
    form: BoundForm[Evidencing], given: Evidencing, claim: Claim, known: set[UUID]
) -> BoundForm[Evidencing]:
    asked = given.requirement
    if asked is None:
        if claim.stage == Stage.FIXING:
            return form.refused("requirement", "Select one of the points that LOTI named")
        return form
    if asked not in known:
        return form.refused("requirement", "Select a point from the list")
    if not claim.may_change(asked):
        return form.refused("requirement", "LOTI did not ask for changes to this point")
    return form


def _in_their_name(
    form: BoundForm[Evidencing], given: Evidencing, claim: Claim
) -> BoundForm[Evidencing]:
    its = claim.organisation
    if given.holder_because:
        return form
    if any(same_name(given.holder, name) for name in (its.name, its.short_name) if name):
        return form
    return form.refused(
        "holder",
        f"It is in the name of {given.holder}, not of {its.name}. Give evidence of your own, or "
        "say below why it counts",
    )


def _dated(
    form: BoundForm[Evidencing], given: Evidencing, claim: Claim, today: date
) -> BoundForm[Evidencing]:
    version = claim.version
    title, months = version.standard.title, version.valid_months
    if version.expiry_needed and given.expires_on is None:
        return form.refused("expires_on", f"Enter when it expires: {title} asks for that")
    if months and given.issued_on is None:
        return form.refused(
            "issued_on", f"Enter the date of issue: {title} counts {months} months from it"
        )
    ends = ends_on(given.issued_on, given.expires_on, months)
    if ends and ends < today and given.issued_on and months:
        until = day(later(given.issued_on, months))
        return form.refused(
            "issued_on", f"It is too old: it counted for {months} months, until {until}"
        )
    return form
