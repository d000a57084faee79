"""Words of the field that mean the same: one table, which every engine goes by.

Only what is meant alike wherever it stands, and in every form: an abbreviation that is also a word
of its own ("SEND", "IT"), or a word with another meaning once it is stemmed ("parks" and "parking",
"refuse" and "refused") would find what nobody asked for, unless further words go with it.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from search.words import folded

SAME: tuple[tuple[str, ...], ...] = (
    # environment
    ("bins", "waste collection", "refuse collection", "rubbish collection", "kerbside collection"),
    ("trade waste", "commercial waste", "business waste"),
    ("fly-tipping", "flytipping", "illegal dumping", "dumped rubbish"),
    ("potholes", "road defects", "carriageway defects"),
    ("street lights", "streetlights", "street lighting", "lamp columns"),
    ("green spaces", "open spaces", "parks and gardens"),
    ("air quality", "air pollution"),
    ("net zero", "carbon reduction", "decarbonisation"),
    ("EV", "electric vehicle"),
    ("PCN", "penalty charge notice", "parking ticket", "parking fine"),
    ("CPZ", "controlled parking zone"),
    ("crematorium", "cemetery", "bereavement services"),
    # social care and health
    ("ASC", "adult social care", "adults' services"),
    ("CSC", "children's social care", "children's services"),
    ("SEN", "special educational needs"),
    ("EHCP", "education, health and care plan"),
    ("home care", "domiciliary care"),
    ("care home", "residential care", "nursing home"),
    ("telecare", "technology enabled care", "assistive technology"),
    ("MASH", "multi-agency safeguarding hub"),
    ("VAWG", "violence against women and girls"),
    ("GP", "general practice", "general practitioner"),
    ("EPR", "electronic patient record", "electronic health record"),
    ("prescribing", "prescriptions"),
    # housing and neighbourhoods
    ("housing allocations", "choice based lettings", "housing register"),
    ("rough sleeping", "street homelessness"),
    ("council housing", "social housing"),
    ("HMO", "house in multiple occupation", "houses in multiple occupation"),
    ("ASB", "anti-social behaviour", "antisocial behaviour"),
    ("PRS", "private rented sector"),
    # revenues, customers and democracy
    ("business rates", "NNDR", "non-domestic rates"),
    ("contact centre", "call centre"),
    ("CRM", "customer relationship management"),
    ("FOI", "freedom of information"),
    ("SAR", "subject access request", "DSAR"),
    ("committee meetings", "council meetings"),
    ("hybrid mail", "print and post"),
    ("translation", "interpreting"),
    # planning and property
    ("GIS", "geographic information system", "geospatial"),
    ("LLPG", "local land and property gazetteer"),
    ("development management", "planning applications"),
    # how an organisation runs
    ("HR", "human resources", "personnel"),
    ("payroll", "pay and pensions"),
    ("recruitment", "applicant tracking"),
    ("ERP", "enterprise resource planning"),
    ("e-procurement", "eprocurement", "purchase to pay"),
    ("CMS", "content management system", "web content management"),
    ("EDRMS", "EDRM", "electronic document and records management"),
    ("e-signature", "esignature", "electronic signature", "digital signature"),
    ("e-learning", "elearning", "online learning"),
    ("LMS", "learning management system"),
    ("BI", "business intelligence"),
    ("service desk", "help desk", "helpdesk"),
    ("ITSM", "IT service management"),
    # technology
    ("AI", "artificial intelligence"),
    ("RPA", "robotic process automation"),
    ("chatbot", "virtual assistant", "conversational assistant"),
    ("IoT", "internet of things", "connected sensors"),
    ("CCTV", "video surveillance", "public space cameras"),
    ("ANPR", "automatic number plate recognition"),
    ("telephony", "phone system", "VoIP"),
    ("MFA", "multi-factor authentication", "two-factor authentication", "2FA"),
    ("SSO", "single sign-on"),
    ("API", "application programming interface"),
    ("cyber security", "cybersecurity", "information security"),
    ("pen test", "penetration testing", "pentest"),
    ("DPIA", "data protection impact assessment"),
    ("GDPR", "data protection"),
    # who
    ("NHS", "National Health Service"),
    ("ICB", "integrated care board"),
    ("TfL", "Transport for London"),
    ("GLA", "Greater London Authority"),
    ("SME", "small and medium enterprises", "small business"),
    ("VCSE", "voluntary sector", "third sector"),
)

Words = tuple[str, ...]


def alternatives(words: Sequence[str]) -> list[tuple[range, list[Words]]]:
    """The places in a text, given as folded words, at which a phrase of the table stands, the
    longest there is, and what else it is called, folded too.
    """
    table, longest = _by_words()
    singular = [_singular(word) for word in words]
    found = []
    place = 0
    while place < len(words):
        ends = range(min(place + longest, len(words)), place, -1)
        end = next((end for end in ends if tuple(singular[place:end]) in table), None)
        if end:
            found.append((range(place, end), table[tuple(singular[place:end])]))
        place = end or place + 1
    return found


@cache
def _by_words() -> tuple[Mapping[Words, list[Words]], int]:
    """Each phrase with the others of its line, and how many words the longest has."""
    table: dict[Words, list[Words]] = {}
    for line in SAME:
        phrases = {tuple(map(_singular, folded(one))): tuple(folded(one)) for one in line}
        for phrase in phrases:
            others = {one: None for key, one in phrases.items() if key != phrase}
            table.setdefault(phrase, []).extend(others)
    return table, max(map(len, table))


def _singular(word: str) -> str:
    """A word without the s of a plural: stems would take "parking" for "parks"."""
    plural = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if plural else word
