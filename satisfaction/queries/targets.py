"""The targets of factors in force. Source: spec `satisfaction.md`, "Cycle" (targets reviewed each quarter)."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.db.models import F, Q

from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figure
from satisfaction.models import FactorTarget, Question
from satisfaction.queries.questionnaires import csi_version
from satisfaction.settings import FACTOR_TARGET


def factor_targets(store: Store | None, *, on: date) -> defaultdict[str, Decimal]:
    """Factor code → the mean it is to reach on a day: the store's own target, else that of all stores, else the figure
    `satisfaction.factor_target`, which every other code gives."""
    rows = (
        FactorTarget.objects.filter(Q(store=store) | Q(store=None), starts_on__lte=on)
        .order_by(F("store").asc(nulls_first=True), "starts_on")
        .values_list("factor_code", "mean")
    )
    usual = figure(FACTOR_TARGET, store=store, on=on)
    return defaultdict(lambda: usual, rows)  # the group's first, older before newer: the last one holds


def factor_targets_for(staff):
    """Every target row a person may know of, those of all stores among them; newest first within a factor."""
    rows = FactorTarget.objects.select_related("store").order_by(
        "factor_code", F("store").asc(nulls_first=True), "-starts_on"
    )
    return rows if staff.sees_all_stores else rows.filter(Q(store=staff.store_id) | Q(store=None))


def csi_factors() -> list[Question]:
    """The factors of the service CSI in force, in their order: what has a target and is guessed."""
    return [question for question in csi_version().questions.all() if question.weight is not None]
