"""`python -m benchmarks [names] [--orders N]`: measure, and print one table at the end."""

import argparse
import importlib
import sys
import time

from benchmarks.figures import table
from benchmarks.world import TWO_YEARS, world_of

NAMES = ("pages", "claims", "months", "stores", "answers", "sheets", "board")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="names", help=f"of {', '.join(NAMES)} (default: all)")
    parser.add_argument("--orders", type=int, default=1_000_000, help="orders of the large database (default 1000000)")
    parser.add_argument(
        "--claims", type=int, default=50_000, help="calls the agents empty the queue of (default 50000)"
    )
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    if asked.orders <= TWO_YEARS:
        parser.error(f"--orders must be above {TWO_YEARS}, the orders of two years")
    figures = []
    with world_of(asked.orders) as world:
        world.claims = asked.claims
        for name in asked.names or NAMES:
            print(f"· {name} …", flush=True)
            began = time.monotonic()
            figures += importlib.import_module(f"benchmarks.{name}").measure(world)
            print(f"  {time.monotonic() - began:.0f} s", flush=True)
    print("\n" + table(figures))
    return any(figure.reached == "NO" for figure in figures)


if __name__ == "__main__":
    sys.exit(main())
