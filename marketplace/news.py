"""Who is told of what, and in which words: one line a verb, beside policy.

An event of a verb is told to each audience in its own words; a person who is in several is told
once, in the words of the first. The words are filled in when they are read or sent, from the event
and the thing as the reader may see it then. A sentence that needs what is not known is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.notifications.topics import Audience, Topic
from marketplace.verbs import Verb


@dataclass(frozen=True, slots=True)
class News:
    """What one audience is told, and where its one link goes."""

    to: Audience
    topic: Topic
    subject: str  # what it is and, where there is something to do, what to do
    body: tuple[str, ...]  # sentences
    href: str
    # About the safety of one's account: told to whoever did it too, by mail at once, always.
    security: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """It is told by a mail to an address, whether or not there is a person behind it."""

    to: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nobody is told."""

    because: str


CHALLENGE, EDITING, REVIEW = "/challenges/{id}", "/challenges/{id}/edit", "/challenges/{id}/review"
PRODUCT = "/products/{id}"
PEOPLE = "/organisation"
ACCOUNT = "/account"
UNTIL = "It is open until the end of {closes} (UK time)."
BECAUSE = "The reason: {because}"
ASKING = (
    "Decide: {person} asks to act for {organisation}",
    ("They write: {message}", "Approve the request or decline it."),
)
DRAFTING = Quiet("only those who draft it see it, and they would hear of every saved answer")
OWN_DOING = Quiet("a person does it for themselves, and the page says that it is done")


def _outcome(what: str) -> tuple[News, ...]:
    """What came of a challenge."""
    words = Topic.CHALLENGES, f"{what}: {{challenge}}", ("{who} says: {outcome}",), CHALLENGE
    return News(Audience.AUTHORS, *words), News(Audience.JOINED, *words)


def _taking_part(subject: str, *body: str) -> tuple[News, ...]:
    words = Topic.CHALLENGES, subject, body, CHALLENGE
    return News(Audience.AUTHORS, *words), News(Audience.JOINED, *words)


def _security(subject: str, *body: str, href: str = ACCOUNT) -> tuple[News, ...]:
    return (News(Audience.THEMSELVES, Topic.ACCOUNT, subject, body, href, security=True),)


def _membership(theirs: str, ours: str, *body: str, href: str = "/home") -> tuple[News, ...]:
    """For the person themselves, and for those who look after the organisation's people."""
    return (
        News(Audience.THEMSELVES, Topic.ACCOUNT, theirs, body, href),
        News(Audience.ADMINISTRATORS, Topic.ORGANISATION, ours, body, PEOPLE),
    )


def _organisation(subject: str, *body: str, href: str = PEOPLE) -> tuple[News, ...]:
    return (News(Audience.ADMINISTRATORS, Topic.ORGANISATION, subject, body, href),)


NEWS: Mapping[Verb, tuple[News, ...] | Letter | Quiet] = {
    # ---- Organisations
    Verb.ORGANISATION_REGISTER: (
        News(
            Audience.CURATORS,
            Topic.PRODUCTS,
            "New supplier: {supplier}",
            ("It has registered. It is listed once it has signed the agreement.",),
            "/suppliers/{id}",
        ),
    ),
    Verb.ORGANISATION_DESCRIBE: Quiet("its page shows it, and its history who did it"),
    Verb.ORGANISATION_CORRECT: _organisation(
        "LOTI corrected what it holds on {organisation}", BECAUSE
    ),
    Verb.ORGANISATION_SUSPEND: (
        News(
            Audience.EVERYBODY,
            Topic.ACCOUNT,
            "{organisation} is suspended",
            ("Nobody can act for it until LOTI restores it.", BECAUSE),
            "/help",
        ),
    ),
    Verb.ORGANISATION_RESTORE: (
        News(
            Audience.EVERYBODY,
            Topic.ACCOUNT,
            "{organisation} is no longer suspended",
            ("You can act for it again.",),
            "/home",
        ),
    ),
    # ---- Ways in, and oneself
    Verb.LINK_ASK: Letter("the address that the link was asked for"),
    Verb.SESSION_SWITCH: OWN_DOING,
    Verb.SESSION_END: OWN_DOING,
    Verb.IDENTITY_ADD: _security(
        "A new way to sign in to your account",
        "It is: {way}.",
        "If you did not add it, remove it and tell LOTI at once.",
    ),
    Verb.IDENTITY_DROP: _security(
        "A way to sign in to your account was removed",
        "It was: {way}.",
        "If you did not remove it, tell LOTI at once.",
    ),
    Verb.PERSON_RENAME: OWN_DOING,
    Verb.PERSON_SUSPEND: _security(
        "LOTI has suspended your account",
        "You cannot sign in until LOTI restores it.",
        BECAUSE,
        href="/help",
    ),
    Verb.PERSON_RESTORE: _security(
        "Your account is no longer suspended", "You can sign in again.", href="/home"
    ),
    Verb.PERSON_WARN: _security(
        "Sign in to keep your account",
        "You have not signed in for a long time.",
        "If you do not, your account and your name will be erased on {erased_on}.",
        href="/sign-in",
    ),
    Verb.PERSON_ERASE: Quiet("whoever is erased has no address any more to tell it to"),
    # ---- An organisation's people
    Verb.DOMAIN_ADD: _organisation(
        "Mail at {domain} belongs to {organisation} now",
        "Whoever receives mail there can ask to join. You decide on each request.",
    ),
    Verb.DOMAIN_REMOVE: _organisation(
        "Mail at {domain} no longer belongs to {organisation}",
        "Nobody new can ask to join because of it. Whoever has joined stays.",
    ),
    Verb.INVITATION_SEND: Letter("the address that is invited"),
    Verb.INVITATION_RESEND: Letter("the address that is invited"),
    Verb.INVITATION_REVOKE: Quiet("the link says so to whoever opens it"),
    Verb.INVITATION_ACCEPT: _organisation(
        "{person} acts for {organisation} now",
        "They accepted an invitation, with these roles: {roles}.",
    ),
    Verb.JOIN_ASK: (
        News(Audience.ADMINISTRATORS, Topic.NEEDS_YOU, *ASKING, PEOPLE),
        News(Audience.SUPPORT, Topic.NEEDS_YOU, *ASKING, "/admin/requests"),
    ),
    Verb.JOIN_APPROVE: _membership(
        "You can act for {organisation} now",
        "{person} acts for {organisation} now",
        "{who} approved the request.",
    ),
    Verb.JOIN_DECLINE: (
        News(
            Audience.THEMSELVES,
            Topic.ACCOUNT,
            "Your request to act for {organisation} was declined",
            (BECAUSE,),
            ACCOUNT,
        ),
    ),
    Verb.JOIN_WITHDRAW: Quiet("the request leaves the list of those that wait"),
    Verb.MEMBERSHIP_GRANT: _membership(
        "Your roles at {organisation} have changed",
        "The roles of {person} at {organisation} have changed",
        "They are now: {roles}.",
        "{who} changed them.",
    ),
    Verb.MEMBERSHIP_SUSPEND: _membership(
        "You cannot act for {organisation} at the moment",
        "{person} cannot act for {organisation} at the moment",
        "{who} suspended it.",
        BECAUSE,
        href="/help",
    ),
    Verb.MEMBERSHIP_RESTORE: _membership(
        "You can act for {organisation} again",
        "{person} can act for {organisation} again",
        "{who} restored it.",
    ),
    Verb.MEMBERSHIP_REMOVE: _membership(
        "You no longer act for {organisation}",
        "{person} no longer acts for {organisation}",
        "{who} ended it.",
        href=ACCOUNT,
    ),
    Verb.MEMBERSHIP_LEAVE: _organisation("{person} has left {organisation}"),
    Verb.SUPPORT_LOOK: _security(
        "LOTI's support looks at the marketplace as you see it",
        "{who} began it, and can change nothing.",
        BECAUSE,
    ),
    Verb.SUPPORT_STOP: Quiet("the person was told when it began, and the history has its end"),
    # ---- A supplier coming in
    Verb.REGISTRATION_DRAFT: DRAFTING,
    Verb.REGISTRATION_EDIT: DRAFTING,
    Verb.REGISTRATION_DISCARD: DRAFTING,
    Verb.REGISTRATION_CONFIRM: Quiet("the organisation that comes of it is told of instead"),
    Verb.AGREEMENT_SIGN: (
        *_organisation("{organisation} has signed the agreement", "{who} signed it."),
        News(
            Audience.MANAGERS,
            Topic.ORGANISATION,
            "{organisation} has signed the agreement",
            ("What you list is in the catalogue and in search from now on.",),
            "/products/mine",
        ),
    ),
    # ---- News itself, and mail
    Verb.NOTIFICATION_READ: OWN_DOING,
    Verb.PREFERENCE_SET: OWN_DOING,
    Verb.MAIL_RETRY: Quiet("LOTI's page of mail shows it"),
    Verb.MAIL_BOUNCE: Quiet("LOTI's page of mail shows it"),
    Verb.ADDRESS_CONFIRM: OWN_DOING,
    Verb.CALENDAR_RENEW: OWN_DOING,
    Verb.DELIVERY_RETRY: Quiet("LOTI's page of how the service runs shows it"),
    # ---- Notices and products
    Verb.NOTICE_IMPORT: (
        News(
            Audience.UPLOADER,
            Topic.ORGANISATION,
            "{result}: {file}",
            ("{came}",),
            "/notices/imports/{id}",
        ),
    ),
    Verb.PRODUCT_DRAFT: DRAFTING,
    Verb.PRODUCT_EDIT: DRAFTING,
    Verb.PRODUCT_DISCARD: DRAFTING,
    Verb.PRODUCT_PUBLISH: (
        News(
            Audience.MANAGERS,
            Topic.PRODUCTS,
            "Listed: {product}",
            ("{who} put it into the catalogue.",),
            PRODUCT,
        ),
        News(
            Audience.CURATORS,
            Topic.PRODUCTS,
            "New in the catalogue: {product}, by {supplier}",
            ("See whether it stands in the right areas of work.",),
            PRODUCT,
        ),
    ),
    Verb.PRODUCT_PAUSE: (
        News(
            Audience.MANAGERS,
            Topic.PRODUCTS,
            "Paused: {product}",
            ("{who} took it out of the catalogue. It can be listed again.",),
            PRODUCT,
        ),
    ),
    Verb.PRODUCT_RETIRE: (
        News(
            Audience.MANAGERS,
            Topic.PRODUCTS,
            "Retired: {product}",
            ("{who} took it out of the catalogue for good.",),
            PRODUCT,
        ),
        News(
            Audience.USERS,
            Topic.PRODUCTS,
            "Retired: {product}, by {supplier}",
            ("Its supplier offers it no more. Ask the supplier what that means for you.",),
            PRODUCT,
        ),
    ),
    # ---- Challenges
    Verb.CHALLENGE_DRAFT: DRAFTING,
    Verb.CHALLENGE_EDIT: DRAFTING,
    Verb.CHALLENGE_ATTACH: DRAFTING,
    Verb.CHALLENGE_DETACH: DRAFTING,
    Verb.CHALLENGE_DISCARD: DRAFTING,
    Verb.CHALLENGE_SUBMIT: (
        News(
            Audience.CURATORS,
            Topic.NEEDS_YOU,
            "Review: {challenge}",
            ("{authority} sent it to be published.", "Publish it or ask for edits."),
            REVIEW,
        ),
        News(
            Audience.AUTHORS,
            Topic.CHALLENGES,
            "Sent to LOTI: {challenge}",
            ("{who} sent it to be published.",),
            CHALLENGE,
        ),
    ),
    Verb.CHALLENGE_RETURN: (
        News(
            Audience.AUTHORS,
            Topic.NEEDS_YOU,
            "Edit: {challenge}",
            ("LOTI asks for edits: {remark}", "Send it again when that is done."),
            EDITING,
        ),
    ),
    Verb.CHALLENGE_APPROVE: (
        News(
            Audience.AUTHORS,
            Topic.CHALLENGES,
            "Published: {challenge}",
            ("Tell colleagues in other boroughs.", UNTIL),
            CHALLENGE,
        ),
        News(
            Audience.NEIGHBOURS,
            Topic.CHALLENGES,
            "Say if you need this too: {challenge}",
            ("{authority} looks for authorities to buy with.", UNTIL),
            CHALLENGE,
        ),
        News(
            Audience.MAKERS,
            Topic.CHALLENGES,
            "{authority} needs this: {challenge}",
            ("See whether what you offer answers it.", UNTIL),
            CHALLENGE,
        ),
    ),
    Verb.CHALLENGE_CLOSE: (
        News(
            Audience.AUTHORS,
            Topic.NEEDS_YOU,
            "Say what came of it: {challenge}",
            ("It has closed. Whoever joined waits to hear what comes of it.",),
            CHALLENGE,
        ),
        News(
            Audience.JOINED,
            Topic.CHALLENGES,
            "Closed: {challenge}",
            ("{authority} now says what comes of it.",),
            CHALLENGE,
        ),
    ),
    Verb.CHALLENGE_TAKE: _outcome("Taken into a tender"),
    Verb.CHALLENGE_PILOT: _outcome("Being piloted"),
    Verb.CHALLENGE_SHARE: _outcome("What was learnt"),
    Verb.CHALLENGE_DROP: _outcome("Dropped"),
    Verb.CHALLENGE_WITHDRAW: _outcome("Withdrawn"),
    Verb.COMMITMENT_MAKE: _taking_part("{by} has joined: {challenge}", "{by} is {level}."),
    Verb.COMMITMENT_CHANGE: _taking_part(
        "{by} changed what it said: {challenge}", "{by} is {level}."
    ),
    Verb.COMMITMENT_WITHDRAW: _taking_part("{by} no longer takes part: {challenge}"),
}
