"""Who is told of notices and products, and in which words."""

from marketplace.news.words import BECAUSE, DRAFTING, News, Quiet, Table
from marketplace.notifications.topics import Audience, Topic
from marketplace.verbs import Verb

PRODUCT = "/products/{id}"

NEWS: Table = {
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
    Verb.PRODUCT_ADD: DRAFTING,
    Verb.PRODUCT_CHANGE: DRAFTING,
    Verb.PRODUCT_REMOVE: DRAFTING,
    Verb.PRODUCT_COPY: DRAFTING,
    Verb.PRODUCT_SUSPEND: (
        News(
            Audience.MANAGERS,
            Topic.PRODUCTS,
            "Suspended by LOTI: {product}",
            (BECAUSE, "Mend it, then write to LOTI. Nobody else sees it meanwhile."),
            PRODUCT,
        ),
        News(
            Audience.USERS,
            Topic.PRODUCTS,
            "Suspended: {product}, by {supplier}",
            ("LOTI took it out of the catalogue.",),
            "/products",
        ),
    ),
    Verb.PRODUCT_RESTORE: (
        News(
            Audience.MANAGERS,
            Topic.PRODUCTS,
            "Restored by LOTI: {product}",
            ("It is in the catalogue again.",),
            PRODUCT,
        ),
    ),
    Verb.EDIT_ACKNOWLEDGE: Quiet("the product's history shows it, and nothing changes by it"),
    Verb.EDIT_REVERT: (
        News(
            Audience.MANAGERS,
            Topic.PRODUCTS,
            "LOTI took back a change to {product}",
            ("It says again what it said before: {part}.", BECAUSE),
            PRODUCT,
        ),
    ),
    Verb.RATE_DECLARE: Quiet("everybody sees it on the supplier's page, with the day"),
    Verb.REPORT_MAKE: (
        News(
            Audience.CURATORS,
            Topic.PRODUCTS,
            "Reported: {product}, by {supplier}",
            ("Somebody says that it stands in the wrong area of work.",),
            "/products/edits",
        ),
    ),
    Verb.REPORT_CLOSE: Quiet("it is for LOTI alone, and its queue shows it"),
    Verb.USE_CONFIRM: (
        News(
            Audience.MANAGERS,
            Topic.PRODUCTS,
            "{by} confirms that it uses {product}",
            ("Everybody who reads about the product sees that.",),
            PRODUCT,
        ),
    ),
    Verb.USE_DENY: (
        News(
            Audience.MANAGERS,
            Topic.PRODUCTS,
            "{by} says that it does not use {product}",
            ("The claim is taken off its page.",),
            PRODUCT,
        ),
    ),
}
