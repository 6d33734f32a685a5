"""Every app has the same rooms, and another app enters by the front door."""

import ast
import re

import pytest

from tests.architecture.house import (
    BANNED_WORDS,
    GROUND_APPS,
    HILL,
    ROOT,
    TRADE_APPS,
    WIRING,
    folder_of,
    imports_of,
    python_files,
)

ROOMS = {
    "README.md", "__init__.py", "admin", "actions", "api", "apps", "choices", "events", "formulas", "forms", "models",
    "queries", "receivers", "reports", "resources", "settings", "shipped", "tasks", "urls", "views",
    "locale", "management", "migrations", "templatetags",
}  # fmt: skip
ROOMS_OF_THEIR_OWN = {
    "dealer_crm.access": {"backends", "middleware", "permissions", "roles", "routes"},
    "dealer_crm.journal": {"guards", "middleware", "verbs"},
    "dealer_crm.files": {"answers"},
    "dealer_crm.channels": {"carriers", "consent"},
}
"""Ground-floor apps that serve all others hold, beside rooms, what they serve with."""

TOOLBOXES = {"dealer_crm.ui", "dealer_crm.rest", "dealer_crm.reporting", "dealer_crm.importing", "dealer_crm.access"}
"""Apps that are made of what others call; their files are named after what they serve."""

FACES = {"dealer_crm.ui", "dealer_crm.rest"}
"""Made of what views and API views are made of; they stand at the edge themselves."""

FRONT_DOORS = {"models", "choices", "events", "queries", "actions", "settings"}
"""From formulas one more door leads on (a rule may build on a lower app's rule, pure on pure), and from the queries
that gather what such a rule takes."""


@pytest.mark.parametrize("app", [app for app in TRADE_APPS + GROUND_APPS if app not in TOOLBOXES])
def test_an_app_has_only_the_rooms_of_the_house(app):
    here = {path.stem if path.suffix == ".py" and path.stem != "__init__" else path.name for path in entries(app)}
    assert here - ROOMS - ROOMS_OF_THEIR_OWN.get(app, set()) == set()


@pytest.mark.parametrize("app", TRADE_APPS + GROUND_APPS)
def test_an_app_says_what_it_is_for(app):
    assert (folder_of(app) / "README.md").is_file()


@pytest.mark.parametrize("app", [*TRADE_APPS, *GROUND_APPS, "dealer_crm.values", "dealer_crm.embedded"])
def test_names_say_what_a_thing_is_and_not_that_it_is_something(app):
    assert [name for name in names_in(app) if words(name) & BANNED_WORDS] == []


@pytest.mark.parametrize("app", TRADE_APPS)
def test_another_trade_app_enters_by_its_front_doors_only(app):
    others = [other for other in TRADE_APPS if other != app]
    wrong = []
    for path in python_files(app):
        doors = FRONT_DOORS | ({"formulas"} if room_of(app, path) in {"formulas", "queries"} else set())
        for module, line in imports_of(path):
            entered = [module.removeprefix(f"{other}.") for other in others if module.startswith(f"{other}.")]
            if any(inside.split(".")[0] not in doors for inside in entered):
                wrong.append(f"{path.relative_to(ROOT)}:{line} {module}")
    assert wrong == []


def test_every_module_of_the_program_stands_on_the_hill():
    modules = {path.stem for path in entries("dealer_crm")} - {"__init__", "README", "locale"}
    on_the_hill = {name for layer in HILL for name in layer}
    assert {f"dealer_crm.{module}" for module in modules} - on_the_hill == set()


@pytest.mark.parametrize("app", [app for app in TRADE_APPS + GROUND_APPS if app not in FACES])
def test_the_clock_is_read_at_the_edge_only(app):
    edge = {"views", "api", "tasks", "commands", "management", "middleware", "admin"}
    wrong = []
    for path in python_files(app):
        if set(path.relative_to(folder_of(app)).with_suffix("").parts) & edge:
            continue
        calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        wrong += [
            f"{path.relative_to(ROOT)}:{call.lineno} {ast.unparse(call)}" for call in calls if asks_the_clock(call)
        ]
    assert wrong == []


@pytest.mark.parametrize("app", TRADE_APPS + GROUND_APPS)
def test_actions_take_keywords_only_and_say_who_and_when(app):
    wrong = []
    for path in python_files(app):
        if "actions" not in path.relative_to(folder_of(app)).with_suffix("").parts:
            continue
        for function in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(function, ast.FunctionDef) or function.name.startswith("_"):
                continue
            by_keyword = {argument.arg for argument in function.args.kwonlyargs}
            needed = {"at"} if function.name in done_by_the_program(app) else {"by", "at"}
            if is_atomic(function) and (function.args.args or not needed <= by_keyword):
                wrong.append(f"{path.relative_to(ROOT)}:{function.lineno} {function.name}")
    assert wrong == []


def test_the_wiring_is_imported_by_nobody():
    names = {name for name in WIRING if name not in {"dealer_crm.settings", "dealer_crm.celery"}}
    wrong = [
        f"{path.relative_to(ROOT)}:{line} {module}"
        for app in TRADE_APPS + GROUND_APPS
        for path in python_files(app)
        for module, line in imports_of(path)
        if any(module == name or module.startswith(f"{name}.") for name in names)
    ]
    assert wrong == []


def room_of(app, path):
    return path.relative_to(folder_of(app)).with_suffix("").parts[0]


def entries(app):
    return [path for path in folder_of(app).iterdir() if path.name != "__pycache__" and not path.name.startswith(".")]


def names_in(app):
    """The names of an app's files, classes and functions (those that a framework calls by their name aside)."""
    called_by_frameworks = re.compile(r"__\w+__|process_(request|view|response|exception)|get_\w+_data|\w+_info")
    for path in python_files(app):
        yield path.stem
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not called_by_frameworks.fullmatch(node.name):
                yield node.name


def words(name):
    return set(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_"))


def asks_the_clock(call):
    name = ast.unparse(call.func)
    without_arguments = {"timezone.localdate", "timezone.localtime"}
    return name in {"timezone.now", "now", "datetime.now", "datetime.today", "date.today"} or (
        name in without_arguments and not call.args
    )


def done_by_the_program(app):
    """The actions that the app's own tasks call: there is no person to name."""
    tasks = folder_of(app) / "tasks.py"
    return set(re.findall(r"actions\.(\w+)\(", tasks.read_text(encoding="utf-8"))) if tasks.exists() else set()


def is_atomic(function):
    return any("atomic" in ast.unparse(decorator) for decorator in function.decorator_list)


@pytest.mark.parametrize("app", [*TRADE_APPS, *GROUND_APPS, "dealer_crm.values"])
def test_every_folder_is_a_package_so_that_the_contracts_see_it(app):
    folders = {path.parent for path in folder_of(app).rglob("*.py")}
    assert [str(folder.relative_to(ROOT)) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []
