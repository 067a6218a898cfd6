"""`python -m benchmarks`: every promise with its figure, its floor and how many times the floor.

python -m benchmarks [--quick] [--rows 100000] [--back-end sqlite|firebird|both]
                     [--only painted,start,import,sales,growth] [--[no-]keep-moved]
                     [--markdown FILE]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.figures import Report
from benchmarks.kept import keeps_moved
from benchmarks.runs import KINDS, Places, Plan, run
from tests.firebird_server import ServerMissing


def main() -> int:
    """Exit status 0: every promise kept; 1: some are not."""
    given = _arguments()
    plan = Plan(
        rows=given.rows,
        rounds=12 if given.quick else 40,
        starts=3 if given.quick else 9,
        imported=10_000 if given.quick else 100_000,
        only=tuple(given.only.split(",")) if given.only else KINDS,
    )
    report = Report()
    back_ends = ["sqlite", "firebird"] if given.back_end == "both" else [given.back_end]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        for back_end in back_ends:
            places = Places(back_end, Path(folder), stack, _say, keeping=given.keep_moved)
            try:
                report.figures += run(places, plan)
            except ServerMissing as missing:
                report.left_out.append(str(missing))
    report.load = _load()
    print("\n".join(report.lines()))
    if given.markdown:
        given.markdown.write_text("\n".join(report.markdown()) + "\n", encoding="utf-8")
    return 0 if all(figure.kept for figure in report.figures) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measures what the program promises.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, a smaller import")
    parser.add_argument("--rows", type=int, default=100_000, help="clients in the big base")
    parser.add_argument("--back-end", choices=["sqlite", "firebird", "both"], default="both")
    parser.add_argument("--only", default="", help=f"some of {','.join(KINDS)}")
    parser.add_argument(
        "--keep-moved",
        action=argparse.BooleanOptionalAction,
        default=keeps_moved(),
        help="keep bases that were moved to a server beside the local ones",
    )
    parser.add_argument("--markdown", type=Path, help="write the table to this file as well")
    return parser.parse_args()


def _load() -> str:
    """How busy the machine was with other things, where it tells."""
    if not hasattr(os, "getloadavg"):
        return ""
    return f"load of the machine: {os.getloadavg()[2]:.1f} on {os.cpu_count()} processors"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
