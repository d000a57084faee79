"""The Procurement Act 2023 as data and functions: what applies, which notices, by when, and why.

Every answer carries the rule in a sentence and the section that says so. Nothing here is legal
advice, and nothing here reads a database.
"""

from marketplace.law.assessing import Assessment, Dates, Misfit, Procurement, assess
from marketplace.law.changes import Ground
from marketplace.law.checklist import Before, Item, Who
from marketplace.law.contracts import Due
from marketplace.law.notices import Duty, Need, Notice
from marketplace.law.readings import Readings
from marketplace.law.regimes import Regime
from marketplace.law.routes import Contract, FlexibleStage, Justification, Route, Tier
from marketplace.law.sources import Rule, Source
from marketplace.law.standstill import Binding, Standstill, StripDay
from marketplace.law.tendering import Circumstances, Period
from marketplace.law.thresholds import Threshold, whole_value, with_vat
from marketplace.law.timetable import Day, timetable

__all__ = [
    "Assessment",
    "Before",
    "Binding",
    "Circumstances",
    "Contract",
    "Dates",
    "Day",
    "Due",
    "Duty",
    "FlexibleStage",
    "Ground",
    "Item",
    "Justification",
    "Misfit",
    "Need",
    "Notice",
    "Period",
    "Procurement",
    "Readings",
    "Regime",
    "Route",
    "Rule",
    "Source",
    "Standstill",
    "StripDay",
    "Threshold",
    "Tier",
    "Who",
    "assess",
    "timetable",
    "whole_value",
    "with_vat",
]
