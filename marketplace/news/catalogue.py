"""Who is told of notices and products, and in which words."""

from marketplace.news.words import DRAFTING, News, Table
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
}
