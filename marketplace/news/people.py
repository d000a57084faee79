"""Who is told of organisations, their people and their ways in, and in which words."""

from marketplace.news.words import (
    ACCOUNT,
    BECAUSE,
    DRAFTING,
    OWN_DOING,
    PEOPLE,
    Letter,
    News,
    Quiet,
    Table,
)
from marketplace.notifications.topics import Audience, Topic
from marketplace.verbs import Verb

ASKING = (
    "Decide: {person} asks to act for {organisation}",
    ("They write: {message}", "Approve the request or decline it."),
)


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


NEWS: Table = {
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
    Verb.FILE_REFUSE: (
        News(
            Audience.UPLOADER,
            Topic.ORGANISATION,
            "Removed: your file {upload}",
            (
                "A virus was found in it ({virus}), so nobody gets it.",
                "Have your computer checked, then upload a clean copy.",
            ),
            "/files",
        ),
        News(
            Audience.CURATORS,
            Topic.ORGANISATION,
            "A virus was found in a file of {organisation}",
            ("The file {upload} held {virus}. It is removed, and nobody got it from here.",),
            "/files",
        ),
    ),
    Verb.DELIVERY_RETRY: Quiet("LOTI's page of how the service runs shows it"),
}
