"""The dated figures of the pay rooms. What the formulas pay by stands in the plan versions, not here."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from dealer_crm.values import Figure

APPEAL_DAYS = Figure(
    "commission.appeal_days", 5, _("Days in which a person may appeal against a statement"), _("days"), "commission.md"
)
COEFFICIENT_LEAST = Figure(
    "commission.coefficient_least", Decimal("0.1"), _("Lowest temporary coefficient"), "", "commission.md"
)
COEFFICIENT_MOST = Figure(
    "commission.coefficient_most", Decimal(3), _("Highest temporary coefficient"), "", "commission.md"
)
APPEAL_VOTE_DAYS = Figure(
    "commission.appeal_vote_days", 5, _("Days in which the committee decides an appeal against pay"), _("days"),
    "commission.md",
)  # fmt: skip
APPEAL_MEMBERS = Figure(
    "commission.appeal_members", 3, _("Members of a committee that decides an appeal against pay"), "", "commission.md"
)
