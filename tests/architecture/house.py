"""The house as the tests of its order see it. The order of the hill itself stands in pyproject.toml (import-linter)."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
HILL: list[list[str]] = [
    [module.strip("() ") for module in layer.replace("|", ":").split(":")] for layer in CONTRACTS[0]["layers"]
]
"""Layers from the top down, each a list of dotted names."""

WIRING = HILL[0]
TRADE_APPS = [
    "commission",
    "dealer_crm.appraisal",
    "dealer_crm.kpi",
    "callback",
    "complaints",
    "satisfaction",
    "workshop",
    "reception",
]
GROUND_APPS = [
    f"dealer_crm.{name}"
    for name in (
        "office",
        "ui",
        "reporting",
        "importing",
        "rest",
        "notices",
        "files",
        "channels",
        "organization",
        "workdays",
        "journal",
        "access",
    )
]
BANNED_WORDS = frozenset(
    ["manager", "handler", "helper", "util", "utils", "common", "misc", "data", "info", "process", "services"]
)


def folder_of(app: str) -> Path:
    return ROOT / app.replace(".", "/")


def height_of(module: str) -> int:
    """How high a module stands: 0 is the lowest layer of the hill."""
    for number, layer in enumerate(reversed(HILL)):
        if any(module == name or module.startswith(f"{name}.") for name in layer):
            return number
    raise LookupError(f"{module} stands in no layer of the hill (pyproject.toml)")


def python_files(app: str) -> list[Path]:
    return sorted(path for path in folder_of(app).rglob("*.py") if "migrations" not in path.parts)


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    """Every module a file imports, with the line; `from a import b` counts as `a.b` too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for name in node.names:
                yield f"{node.module}.{name.name}", node.lineno
