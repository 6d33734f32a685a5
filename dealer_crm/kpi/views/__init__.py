"""Targets and the month's figures. Source: spec `kpi.md`."""

from dealer_crm.kpi.views.cards import own_targets_card
from dealer_crm.kpi.views.dashboards import dashboard
from dealer_crm.kpi.views.targets import own_targets, target_new, target_sign, targets

__all__ = [
    "dashboard",
    "own_targets",
    "own_targets_card",
    "target_new",
    "target_sign",
    "targets",
]
