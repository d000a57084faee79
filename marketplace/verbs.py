"""Everything anybody can do: one verb names the route, the permission, the transition, the event
and the test.
"""

from enum import StrEnum


class Verb(StrEnum):
    ORGANISATION_REGISTER = "organisation.register"
    ORGANISATION_DESCRIBE = "organisation.describe"
    ORGANISATION_CORRECT = "organisation.correct"
    ORGANISATION_SUSPEND = "organisation.suspend"
    ORGANISATION_RESTORE = "organisation.restore"

    LINK_ASK = "link.ask"
    SESSION_SWITCH = "session.switch"
    SESSION_END = "session.end"
    IDENTITY_ADD = "identity.add"
    IDENTITY_DROP = "identity.drop"
    PERSON_RENAME = "person.rename"
    PERSON_SUSPEND = "person.suspend"
    PERSON_RESTORE = "person.restore"
    PERSON_WARN = "person.warn"
    PERSON_ERASE = "person.erase"

    DOMAIN_ADD = "domain.add"
    DOMAIN_REMOVE = "domain.remove"
    INVITATION_SEND = "invitation.send"
    INVITATION_RESEND = "invitation.resend"
    INVITATION_REVOKE = "invitation.revoke"
    INVITATION_ACCEPT = "invitation.accept"
    JOIN_ASK = "join.ask"
    JOIN_APPROVE = "join.approve"
    JOIN_DECLINE = "join.decline"
    JOIN_WITHDRAW = "join.withdraw"
    MEMBERSHIP_GRANT = "membership.grant"
    MEMBERSHIP_SUSPEND = "membership.suspend"
    MEMBERSHIP_RESTORE = "membership.restore"
    MEMBERSHIP_REMOVE = "membership.remove"
    MEMBERSHIP_LEAVE = "membership.leave"
    SUPPORT_LOOK = "support.look"
    SUPPORT_STOP = "support.stop"

    REGISTRATION_DRAFT = "registration.draft"
    REGISTRATION_EDIT = "registration.edit"
    REGISTRATION_DISCARD = "registration.discard"
    REGISTRATION_CONFIRM = "registration.confirm"
    AGREEMENT_SIGN = "agreement.sign"

    NOTIFICATION_READ = "notification.read"
    PREFERENCE_SET = "preference.set"
    MAIL_RETRY = "mail.retry"
    MAIL_BOUNCE = "mail.bounce"
    ADDRESS_CONFIRM = "address.confirm"
    CALENDAR_RENEW = "calendar.renew"

    NOTICE_IMPORT = "notice.import"

    FILE_REFUSE = "file.refuse"

    STANDARD_DRAFT = "standard.draft"
    STANDARD_EDIT = "standard.edit"
    STANDARD_DISCARD = "standard.discard"
    STANDARD_PUBLISH = "standard.publish"
    STANDARD_SUPERSEDE = "standard.supersede"
    STANDARD_WITHDRAW = "standard.withdraw"

    PRODUCT_DRAFT = "product.draft"
    PRODUCT_EDIT = "product.edit"
    PRODUCT_DISCARD = "product.discard"
    PRODUCT_PUBLISH = "product.publish"
    PRODUCT_PAUSE = "product.pause"
    PRODUCT_RETIRE = "product.retire"

    CHALLENGE_DRAFT = "challenge.draft"
    CHALLENGE_EDIT = "challenge.edit"
    CHALLENGE_ATTACH = "challenge.attach"
    CHALLENGE_DETACH = "challenge.detach"
    CHALLENGE_DISCARD = "challenge.discard"
    CHALLENGE_SUBMIT = "challenge.submit"
    CHALLENGE_RETURN = "challenge.return"
    CHALLENGE_APPROVE = "challenge.approve"
    CHALLENGE_CLOSE = "challenge.close"
    CHALLENGE_TAKE = "challenge.take"
    CHALLENGE_PILOT = "challenge.pilot"
    CHALLENGE_SHARE = "challenge.share"
    CHALLENGE_DROP = "challenge.drop"
    CHALLENGE_WITHDRAW = "challenge.withdraw"

    COMMITMENT_MAKE = "commitment.make"
    COMMITMENT_CHANGE = "commitment.change"
    COMMITMENT_WITHDRAW = "commitment.withdraw"

    DELIVERY_RETRY = "delivery.retry"
