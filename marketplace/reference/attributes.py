"""What is true of a product that decides which standards apply to it."""

from marketplace.core.labels import Labelled


class Attribute(Labelled):
    """The value is the slug in rules and in search; the label completes "The product …"."""

    USER_INTERFACE = "user-interface", "has a user interface"
    RESIDENT_FACING = "resident-facing", "is used by residents"
    MOBILE_APP = "mobile-app", "has a mobile app"
    PERSONAL_DATA = "personal-data", "processes personal data"
    SPECIAL_CATEGORY = "special-category", "processes special category data"
    HIGH_RISK_DATA = (
        "high-risk-data",
        "profiles or monitors people, or processes data on a large scale",
    )
    SUPPLIER_HOSTED = "supplier-hosted", "is hosted by the supplier"
    EXPOSES_API = "exposes-api", "exposes an API"
    USES_AI = "uses-ai", "uses artificial intelligence"
    DECIDES = "decides", "takes or supports decisions about people by algorithm"
    TAKES_PAYMENTS = "takes-payments", "takes card payments"
    HEALTH = "health", "is used in health or social care"
    CLINICAL = "clinical", "has a clinical function"
    NHS_DATA = "nhs-data", "accesses NHS patient data or systems"
    TELEPHONY = "telephony", "depends on telephone lines"
    TELECARE = "telecare", "monitors or answers telecare alarms"
    HOLDS_ADDRESSES = "holds-addresses", "holds addresses, premises or streets"
    PUBLIC_REALM = "public-realm", "senses or records in public places"
    SERVICES_DIRECTORY = "services-directory", "is a directory of local services"
    IDENTITY_CHECKS = "identity-checks", "checks people's identity"
    CONTRACT_DATA = "contract-data", "holds procurement or contract data"
    CRITICAL_SERVICE = "critical-service", "supports a service that must not stop"
    PEOPLE_SERVICE = "people-service", "is delivered by people who work in London"
