"""The contracts of the hill hold, and they bite."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture.house import GROUND_APPS, ROOT, TRADE_APPS, height_of

LINT = Path(sys.executable).parent / "lint-imports"


def test_foreign_keys_point_downhill():
    uphill = []
    for config in apps.get_app_configs():
        if config.name not in TRADE_APPS + GROUND_APPS:
            continue
        for model in config.get_models():
            for field in model._meta.get_fields():
                if not (field.is_relation and field.concrete and field.related_model):
                    continue
                target = field.related_model._meta.app_config.name
                if target in TRADE_APPS + GROUND_APPS and height_of(target) > height_of(config.name):
                    uphill.append(f"{model.__name__}.{field.name} → {target}")
    assert uphill == []


@pytest.fixture(scope="module")
def copy_of_the_house(tmp_path_factory):
    """The Python files alone, where a test may break the rules."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for package in ("dealer_crm", *(app for app in TRADE_APPS if "." not in app)):
        for path in (ROOT / package).rglob("*.py"):
            target = copy / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    return copy


def lint(folder):
    return subprocess.run([LINT, "--no-cache"], cwd=folder, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("room", "line", "found"),
    [
        (
            "reception/models/money.py",
            "import commission.models as high",
            "reception.models.money -> commission.models",
        ),
        ("dealer_crm/journal/models.py", "import workshop.choices", "dealer_crm.journal.models -> workshop.choices"),
        ("callback/models/tasks.py", "from callback import apps as high", "callback.models.tasks -> callback.apps"),
        ("commission/formulas/plan.py", "from django.db import models as impure", "commission.formulas.plan -> django"),
        ("dealer_crm/values/money.py", "import dealer_crm.access", "dealer_crm.values.money -> dealer_crm.access"),
    ],
)
def test_an_import_against_the_order_is_found(copy_of_the_house, room, line, found):
    file = copy_of_the_house / room
    before = file.read_text(encoding="utf-8")
    assert found not in lint(copy_of_the_house).stdout
    file.write_text(f"{before}\n{line}\n", encoding="utf-8")
    done = lint(copy_of_the_house)
    file.write_text(before, encoding="utf-8")
    assert done.returncode == 1
    assert found in done.stdout
