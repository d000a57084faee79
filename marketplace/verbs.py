"""Everything anybody can do: one verb names the route, the permission, the transition, the event
and the test.
"""

from enum import StrEnum


class Verb(StrEnum):
    ORGANISATION_REGISTER = "organisation.register"

    NOTICE_IMPORT = "notice.import"

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
