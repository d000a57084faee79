"""Who may do what with saved searches and what is watched, and who sees them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, true

from marketplace.policy.clauses import Clause, system, their_own
from marketplace.reference.models import CpvCode
from marketplace.rules import Rules, the_marketplace_itself, themselves
from marketplace.saved.models import Alert, SavedSearch, SearchKey, Watch
from marketplace.verbs import Verb

PERMISSIONS: Mapping[Verb, Rules] = {
    Verb.SEARCH_SAVE: Rules((themselves,)),
    Verb.SEARCH_CHANGE: Rules((themselves,)),
    Verb.SEARCH_DELETE: Rules((themselves,)),
    Verb.ALERT_RAISE: Rules((the_marketplace_itself,)),
    Verb.WATCH_BEGIN: Rules((themselves,)),
    Verb.WATCH_END: Rules((themselves,)),
}

VISIBILITY: Mapping[type[Any], Clause] = {
    CpvCode: lambda who: true(),
    SavedSearch: lambda who: or_(system(who), their_own(SavedSearch.person_id, who)),
    SearchKey: system,
    Alert: system,
    Watch: lambda who: or_(system(who), their_own(Watch.person_id, who)),
}
