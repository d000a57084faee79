"""The kinds of digital specialist whose days are bought, by the names that the Government Digital
and Data profession gives their roles.
"""

from marketplace.core.labels import Labelled


class Specialist(Labelled):
    DELIVERY_MANAGER = "delivery-manager", "Delivery manager"
    PRODUCT_MANAGER = "product-manager", "Product manager"
    BUSINESS_ANALYST = "business-analyst", "Business analyst"
    SERVICE_DESIGNER = "service-designer", "Service designer"
    INTERACTION_DESIGNER = "interaction-designer", "Interaction designer"
    CONTENT_DESIGNER = "content-designer", "Content designer"
    USER_RESEARCHER = "user-researcher", "User researcher"
    SOFTWARE_DEVELOPER = "software-developer", "Software developer"
    TEST_ENGINEER = "test-engineer", "Test engineer"
    TECHNICAL_ARCHITECT = "technical-architect", "Technical architect"
    SECURITY_ARCHITECT = "security-architect", "Security architect"
    INFRASTRUCTURE_ENGINEER = "infrastructure-engineer", "Infrastructure engineer"
    DATA_ANALYST = "data-analyst", "Data analyst"
    DATA_ENGINEER = "data-engineer", "Data engineer"
    DATA_SCIENTIST = "data-scientist", "Data scientist"
    IT_SERVICE_MANAGER = "it-service-manager", "IT service manager"
