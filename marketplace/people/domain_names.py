"""The names of mail domains: how they are written, and which are nobody's own."""

import re

LONGEST = 253
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
MALFORMED = (
    "Enter a domain as it stands after the @ of an address, with no spaces, like camden.gov.uk"
)

ANYBODY = "anybody can get an address there"
# Many have mail at these, so an address there does not say for whom somebody works.
SHARED = {
    **dict.fromkeys(
        (
            "aol.com",
            "btinternet.com",
            "gmail.com",
            "gmx.com",
            "googlemail.com",
            "hotmail.co.uk",
            "hotmail.com",
            "icloud.com",
            "live.co.uk",
            "live.com",
            "me.com",
            "msn.com",
            "outlook.com",
            "proton.me",
            "protonmail.com",
            "sky.com",
            "talktalk.net",
            "virginmedia.com",
            "yahoo.co.uk",
            "yahoo.com",
        ),
        ANYBODY,
    ),
    "nhs.net": "all NHS bodies and many who care for patients have addresses there",
    "cjsm.net": "all who work with the courts and the police have addresses there",
    "gov.uk": "it is the end of every public body's domain",
    "nhs.uk": "it is the end of every NHS body's domain",
    "ac.uk": "it is the end of every university's domain",
    "co.uk": "it is the end of many companies' domains",
    "org.uk": "it is the end of many organisations' domains",
}


def normal(text: str) -> str:
    """A domain in lower case, without what people type before and after it, in the letters that
    mail uses; raises ValueError with a sentence when it is none.
    """
    typed = text.strip().lower().lstrip("@.").rstrip(".")
    try:
        name = typed.encode("idna").decode()
    except UnicodeError:
        raise ValueError(MALFORMED) from None
    labels = name.split(".")
    fine = len(labels) > 1 and all(map(LABEL.fullmatch, labels)) and not labels[-1].isdigit()
    if not fine or len(name) > LONGEST:
        raise ValueError(MALFORMED)
    return name
