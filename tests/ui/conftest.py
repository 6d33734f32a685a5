import pytest

from dealer_crm.ui import home, navigation, search


@pytest.fixture(autouse=True)
def _no_other_apps(monkeypatch):
    """The face alone: what the apps have registered needs their addresses."""
    monkeypatch.setattr(home, "_sources", {})
    monkeypatch.setattr(search, "_providers", {})
    monkeypatch.setattr(navigation, "_entries", {})
