"""The targets of factors in force. Source: spec `satisfaction.md`, "Cycle" (targets reviewed each quarter)."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, Subquery

from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figure
from satisfaction.choices import QuestionnaireKind
from satisfaction.models import FactorTarget, Question, Questionnaire, QuestionnaireVersion
from satisfaction.queries.questionnaires import is_asked
from satisfaction.settings import FACTOR_TARGET


def factor_targets(store: Store | None, *, on: date, usual: Decimal | None = None) -> defaultdict[str, Decimal]:
    """Factor code → the mean it is to reach on a day: the store's own target, else that of all stores, else the figure
    `satisfaction.factor_target`, which every other code gives. `usual`: that figure, where it is known already."""
    rows = (
        FactorTarget.objects.filter(Q(store=store) | Q(store=None), starts_on__lte=on)
        .order_by(F("store").asc(nulls_first=True), "starts_on")
        .values_list("factor_code", "mean")
    )
    if usual is None:
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
    oldest = Questionnaire.objects.filter(kind=QuestionnaireKind.SERVICE_CSI).order_by("pk").values("pk")[:1]
    asked = QuestionnaireVersion.objects.filter(is_asked(None), questionnaire=Subquery(oldest))
    newest = Subquery(asked.order_by("-number").values("pk")[:1])
    return list(Question.objects.filter(version=newest, weight__isnull=False).order_by("position"))
