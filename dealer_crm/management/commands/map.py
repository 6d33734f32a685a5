"""`manage.py map`: the house at a glance, in the order of the hill."""

import re
import tomllib
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand

ROOMS = [
    "choices", "events", "settings", "formulas", "models", "queries", "actions", "forms", "reports", "resources",
    "tasks", "receivers", "views", "api", "urls", "admin", "apps",
]  # fmt: skip


class Command(BaseCommand):
    help = "Print the apps from the top of the hill down, each with its rooms and their lines."
    requires_system_checks = ()

    def handle(self, *args, **options):
        total = 0
        for app in hill():
            folder = settings.BASE_DIR / app
            rooms = {path.stem: lines_of(path) for path in sorted(folder.iterdir()) if is_room(path)}
            total += sum(rooms.values())
            self.stdout.write(f"{app:<24}{sum(rooms.values()):>6}  {first_sentence(folder)}")
            known = [name for name in ROOMS if name in rooms] + sorted(rooms.keys() - set(ROOMS))
            self.stdout.write("    " + "  ".join(f"{name} {rooms[name]}" for name in known))
        wiring = sorted((settings.BASE_DIR / "dealer_crm").glob("*.py"))
        lines = sum(map(lines_of, wiring))
        self.stdout.write(f"{'dealer_crm (wiring)':<24}{lines:>6}")
        self.stdout.write("    " + "  ".join(f"{path.stem} {lines_of(path)}" for path in wiring if lines_of(path)))
        for name in ("templates", "static/src", "tests", "benchmarks"):
            everything = (settings.BASE_DIR / name).rglob("*")
            files = [path for path in everything if path.suffix in (".py", ".html", ".css", ".js")]
            self.stdout.write(f"{name:<24}{sum(map(lines_of, files)):>6}  {len(files)} files")
        self.stdout.write(f"\n{total + lines} lines of Python in the program")


def hill() -> list[str]:
    """The apps' folders from the top down, as the import contract in pyproject.toml has them."""
    contracts = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]
    layers = [re.split(r"\s*[:|]\s*", layer) for layer in contracts["contracts"][0]["layers"][1:]]
    folders = [name.strip("()").replace(".", "/") for layer in layers for name in layer]
    return [folder for folder in folders if (settings.BASE_DIR / folder).is_dir()]


def is_room(path: Path) -> bool:
    apart = ("migrations", "locale", "__pycache__", "__init__")
    return path.stem not in apart and (path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py"))))


def lines_of(path: Path) -> int:
    files = path.rglob("*.py") if path.is_dir() else [path]
    return sum(1 for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip())


def first_sentence(folder: Path) -> str:
    """What the app's README says first, below its title."""
    readme = folder / "README.md"
    if not readme.exists():
        return ""
    body = [
        line for line in readme.read_text(encoding="utf-8").splitlines() if line and not line.startswith(("#", "|"))
    ]
    sentence = body[0].split(". ")[0].rstrip(".") if body else ""
    return sentence[:110]
