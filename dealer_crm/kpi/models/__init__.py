"""Targets. Source: spec `kpi.md`."""

from dealer_crm.kpi.models.targets import PERIOD_PATTERN, Target, TargetSignature

__all__ = [
    "PERIOD_PATTERN",
    "Target",
    "TargetSignature",
]
