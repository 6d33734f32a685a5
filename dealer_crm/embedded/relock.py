"""`make lock`: resolve the locked packages anew, for every platform, with hashes and without addresses."""

import subprocess
import sys

from dealer_crm.embedded.bootstrap import LOCKS, ROOT, VAR

RESOLVER = VAR / "resolver"
LOCKED = {
    "production": ["pyproject.toml"],
    "demo": ["pyproject.toml", "--group", "demo"],
    "development": ["pyproject.toml", "--group", "demo", "--group", "test", "--group", "dev"],
    "mutation": ["pyproject.toml", "--group", "test", "--group", "mutation"],
    "node": ["--group", "node"],
    "lock": ["--group", "lock"],
}
# Larger groups hold what the smaller ones have, in the same versions.
LARGER_THAN = {"demo": "production", "development": "production", "mutation": "development"}
OPTIONS = ["--universal", "--generate-hashes", "--no-emit-index-url", "--no-header", "--python-version", "3.11", "-q"]


def relock(upgrade: bool) -> None:
    subprocess.run([sys.executable, "-m", "venv", RESOLVER], check=True)
    install = ["install", "-q", "--require-hashes", "-r", LOCKS / "lock.txt"]
    subprocess.run([RESOLVER / "bin" / "python", "-m", "pip", *install], check=True)
    for name, sources in LOCKED.items():
        pinned = ["-c", f"locks/{LARGER_THAN[name]}.txt"] if name in LARGER_THAN else []
        target = ["-o", f"locks/{name}.txt", *(["--upgrade"] if upgrade else [])]
        subprocess.run([RESOLVER / "bin" / "uv", "pip", "compile", *sources, *OPTIONS, *pinned, *target], cwd=ROOT,
                       check=True)  # fmt: skip
        print(f"locks/{name}.txt")


if __name__ == "__main__":
    relock(upgrade="--upgrade" in sys.argv)
