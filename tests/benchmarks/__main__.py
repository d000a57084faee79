"""How fast, how big, how good: `python -m tests.benchmarks`, which is `make bench`.

It takes some minutes. Everything is compared with its limit in the same run; nothing is asserted.
"""

import os
from contextlib import redirect_stderr
from pathlib import Path

from rich.console import Console

from marketplace.core import logs
from search import benchmark
from search.probes import PROBES
from tests.benchmarks import (
    alert_speed,
    import_speed,
    page_speed,
    processes,
    search_pages,
    search_scale,
    search_speed,
)
from tests.benchmarks.comparing import Figure, Line, table

SETS = Path(__file__).parents[3] / "shared/data/benchmark"
GOALS = {  # the least nDCG@10 on each set
    "A_nhs_capability_to_product": 0.64,
    "B_function_to_cloud_product": 0.29,
    "D_tender_to_cpv": 0.112,
    "E2_dos_opportunity_to_winner": 0.335,
    "E_tender_to_supplier_history": 0.59,
    "G_gcloud_service_type_to_listing": 0.215,
}


MOST_LOST = 10  # % of nDCG@10 that a slip in every query, or another name in it, may cost


def quality() -> list[Line]:
    """How good the answers of each engine at hand are, where the sets of judged questions are; and
    how much of that is left when every query has a slip, or calls things by other names.
    """
    if not SETS.is_dir():
        return []
    lines: list[Line] = []
    for engine in search_scale.at_hand():
        whole = benchmark.run(SETS, engine)
        lines += [
            Figure(
                f"{engine}: nDCG@10 of {found['set']}",
                found["ndcg@10"],
                "",
                f"{found['queries']} questions, {found['p50_ms']:.1f} ms",
                least=GOALS.get(found["set"]),
            )
            for found in whole
        ]
        for probe in PROBES:
            lines += [
                Figure(
                    f"{engine}: lost to a {probe}, {before['set']}",
                    100 * (1 - found["ndcg@10"] / before["ndcg@10"]),
                    "%",
                    f"nDCG@10 {found['ndcg@10']:.3f}",
                    most=MOST_LOST,
                )
                for before, found in zip(whole, benchmark.run(SETS, engine, probe), strict=True)
            ]
    return lines


def main() -> None:
    console = Console()
    # A log line for every request is part of its work, but nobody reads it here.
    with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):
        logs.set_up(as_json=True)
        lines: list[Line] = []
        for measure in (
            processes.run,
            page_speed.run,
            search_pages.run,
            search_speed.run,
            search_scale.run,
            alert_speed.run,
            import_speed.run,
            quality,
        ):
            with console.status(f"{measure.__module__.rpartition('.')[2]} …"):
                lines += measure()
    console.print(table(lines))


if __name__ == "__main__":
    main()
