"""The areas of work: the parts of an authority that need something bought."""

from marketplace.core.labels import Labelled


class Area(Labelled):
    """The value is the slug used in addresses and in search; the label is what people read."""

    HOUSING_REPAIRS = "housing-repairs", "Housing repairs"
    HOUSING_ALLOCATIONS = "housing-allocations", "Housing allocations and homelessness"
    ADULT_SOCIAL_CARE = "adult-social-care", "Adult social care"
    CHILDRENS_SERVICES = "childrens-services", "Children's services and education"
    REVENUES_BENEFITS = "revenues-benefits", "Revenues and benefits"
    PLANNING = "planning", "Planning and building control"
    WASTE = "waste", "Waste and street cleansing"
    PARKING = "parking", "Parking and permits"
    LIBRARIES = "libraries", "Libraries and leisure"
    CONTACT_CENTRE = "contact-centre", "Contact centre and telephony"
    CRM_FORMS = "crm-forms", "Customer records and online forms"
    HR_PAYROLL = "hr-payroll", "HR and payroll"
    FINANCE = "finance", "Finance and procurement"
    GIS_PROPERTY = "gis-property", "GIS and property data"
    DATA_PLATFORMS = "data-platforms", "Data platforms and analytics"
    CARE_TECHNOLOGY = "care-technology", "Care technology"
    STREET_SENSORS = "street-sensors", "Street sensors and connected places"
    CONSULTATION = "consultation", "Consultation and engagement"
    RECORDS_FOI = "records-foi", "Records and freedom of information"
    CYBER_SECURITY = "cyber-security", "Cyber security"
    LICENSING = "licensing", "Licensing and regulatory services"
    DIGITAL_IDENTITY = "digital-identity", "Digital identity and payments"
