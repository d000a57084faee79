"""Every table of the marketplace, in one place, for the migrations to compare with."""

from sqlmodel import SQLModel

from marketplace.accounts import models as accounts
from marketplace.audit import models as audit
from marketplace.awards import models as awards
from marketplace.bids import models as bids
from marketplace.catalogue import models as catalogue
from marketplace.catalogue import rate_models as rates
from marketplace.challenges import models as challenges
from marketplace.claims import models as claims
from marketplace.clarifications import models as clarifications
from marketplace.contracts import breach_models as breaches
from marketplace.contracts import models as contracts
from marketplace.core import journal, outbox, scanning
from marketplace.evaluation import finding_models as findings
from marketplace.evaluation import models as evaluation
from marketplace.notices import models as notices
from marketplace.notifications import models as notifications
from marketplace.onboarding import models as onboarding
from marketplace.organisations import models as organisations
from marketplace.people import models as people
from marketplace.reference import models as reference
from marketplace.saved import models as saved
from marketplace.shortlists import models as shortlists
from marketplace.standards import models as standards
from marketplace.tenders import lot_models as lots
from marketplace.tenders import models as tenders

MODULES = (
    journal,
    outbox,
    scanning,
    reference,
    organisations,
    accounts,
    people,
    onboarding,
    notices,
    standards,
    catalogue,
    rates,
    claims,
    challenges,
    tenders,
    lots,
    clarifications,
    bids,
    evaluation,
    findings,
    awards,
    contracts,
    breaches,
    shortlists,
    notifications,
    saved,
    audit,
)
METADATA = SQLModel.metadata
