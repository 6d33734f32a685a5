"""Setting and signing targets. Source: spec `kpi.md`."""

from dealer_crm.kpi.actions.targets import set_target, sign_target

__all__ = [
    "set_target",
    "sign_target",
]
