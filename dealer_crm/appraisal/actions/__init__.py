"""Cards, the month's sheets, appeals, scores. Source: spec `commission.md` (Scorecards)."""

from dealer_crm.appraisal.actions.appeals import decide_sheet_appeal, make_sheet_appeal
from dealer_crm.appraisal.actions.cards import (
    adopt_version,
    change_draft,
    discard_draft,
    draft_version,
    install_cards,
    keep_indicator,
    remove_indicator,
)
from dealer_crm.appraisal.actions.scores import set_score
from dealer_crm.appraisal.actions.sheets import (
    count_sheets,
    enter_points,
    finish_review,
    go_on_without_self_score,
    open_sheets,
    return_sheet,
    score_self,
)

__all__ = [
    "adopt_version",
    "change_draft",
    "count_sheets",
    "decide_sheet_appeal",
    "discard_draft",
    "draft_version",
    "enter_points",
    "finish_review",
    "go_on_without_self_score",
    "install_cards",
    "keep_indicator",
    "make_sheet_appeal",
    "open_sheets",
    "remove_indicator",
    "return_sheet",
    "score_self",
    "set_score",
]
