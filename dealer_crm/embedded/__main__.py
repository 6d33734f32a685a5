"""`python -m dealer_crm.embedded up|down|status|psql|with COMMAND`: this clone's servers alone."""

import os
import subprocess
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
            return subprocess.run([postgres.program("psql"), addresses["DATABASE_URL"], *rest]).returncode
        case ["with", *command] if command:
            return run_with_servers(command)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


def run_with_servers(command: list[str]) -> int:
    """Run a command on this clone's servers, and leave them as they were: up if up, down if down."""
    given = all(os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL"))
    if given or servers.running():
        return subprocess.run(command).returncode
    supervision = servers.Supervision()
    try:
        return subprocess.run(command).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        supervision.stop()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ServersRefused as refused:
        sys.exit(str(refused))
