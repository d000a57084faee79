"""Every table of the marketplace, in one place, for the migrations to compare with."""

from sqlmodel import SQLModel

from marketplace.catalogue import models as catalogue
from marketplace.challenges import models as challenges
from marketplace.core import journal, outbox
from marketplace.notices import models as notices
from marketplace.organisations import models as organisations

MODULES = (journal, outbox, organisations, notices, catalogue, challenges)
METADATA = SQLModel.metadata
