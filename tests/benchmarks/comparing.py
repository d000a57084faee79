"""Measuring two things in turn, A B A B …, and drawing what came of it.

Only ratios within one run tell something: machines differ, and are busy at times. Nothing is
asserted; a table says what was reached and what was aimed at.
"""

import os
import platform
import sqlite3
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from rich.table import Table

PAIRS = 15


@dataclass(frozen=True, slots=True)
class Comparison:
    """The median of the ratios of neighbouring measurements A B A B …, with quartiles."""

    name: str
    beside: str
    ratio: float
    low: float
    high: float
    milliseconds: float  # median of what was measured, not of what it is compared with
    target: float | None = None  # the ratio is to be at most this

    @property
    def cells(self) -> tuple[str, ...]:
        return (
            self.name,
            f"{self.milliseconds:.2f} ms",
            self.beside,
            f"{self.ratio:.2f}",
            f"{self.low:.2f} to {self.high:.2f}",
            "" if self.target is None else f"at most {self.target:g}",
            _met(None if self.target is None else self.ratio <= self.target),
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """Something measured that has a limit of its own and needs nothing beside it."""

    name: str
    amount: float
    unit: str
    beside: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        target, met = "", None
        if self.most is not None:
            target, met = f"at most {self.most:g}", self.amount <= self.most
        if self.least is not None:
            target, met = f"at least {self.least:g}", self.amount >= self.least
        shown = f"{self.amount:,.3g}" if self.amount < 100 else f"{self.amount:,.0f}"
        return self.name, f"{shown} {self.unit}", self.beside, "", "", target, _met(met)


Line = Comparison | Figure


def compare(
    name: str,
    measured: Callable[[], object],
    beside: str,
    limit: Callable[[], object],
    target: float | None = None,
    pairs: int = PAIRS,
    times: int = 1,
) -> Comparison:
    """`times` says how often each of them does it in one measurement."""
    measured(), limit()  # warm
    took = [(seconds(measured), seconds(limit)) for _ in range(pairs)]
    low, ratio, high = statistics.quantiles([a / b for a, b in took], n=4)
    milliseconds = statistics.median(a for a, _ in took) * 1000 / times
    return Comparison(name, beside, ratio, low, high, milliseconds, target)


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def table(lines: Iterable[Line]) -> Table:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    drawn = Table(
        title=f"{os.cpu_count()} cores, load {load}, Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version}, NumPy {np.__version__}"
    )
    for heading in ("measured", "took", "beside", "ratio", "quartiles", "target", "met"):
        drawn.add_column(heading)
    for line in lines:
        drawn.add_row(*line.cells)
    return drawn


def _met(met: bool | None) -> str:
    return "" if met is None else "yes" if met else "NO"
