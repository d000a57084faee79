"""Who sees what of the sealed journal: the blocks are everybody's to note, the rest is LOTI's."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import true

from marketplace.audit.models import Block, Check, Entry
from marketplace.policy.clauses import Clause, loti

VISIBILITY: Mapping[type[Any], Clause] = {
    Block: lambda who: true(),
    Entry: loti,
    Check: loti,
}
