"""`python -m dealer_crm.embedded up|down|status|psql`: this clone's servers without the rest of the demo."""

import os
import sys

from dealer_crm.embedded import postgres, servers
from dealer_crm.embedded.places import ServersRefused


def main(argv: list[str]) -> int:
    match argv:
        case ["up"]:
            print("\n".join(f"{name}={value}" for name, value in servers.up().items() if name.isupper()))
        case ["down"]:
            print("stopped" if servers.down() else "were not running")
        case ["status"]:
            addresses = servers.running()
            print("running" if addresses else "down")
            return 0 if addresses else 3
        case ["psql", *rest]:
            addresses = servers.running()
            if not addresses:
                print("the servers are down; start them with: python -m dealer_crm.embedded up", file=sys.stderr)
                return 3
            os.execv(postgres.program("psql"), ["psql", addresses["DATABASE_URL"], *rest])
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ServersRefused as refused:
        sys.exit(str(refused))
