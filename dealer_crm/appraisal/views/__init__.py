"""The pages of appraisal, one module for each thing in it."""

from dealer_crm.appraisal.views import site, site_cards, stars, training
from dealer_crm.appraisal.views.appeals import appeal, appeals
from dealer_crm.appraisal.views.cards import (
    card,
    card_adopt,
    card_discard,
    card_draft,
    card_edit,
    cards,
    cards_install,
    item_edit,
    item_new,
    item_remove,
)
from dealer_crm.appraisal.views.own import own_appeal, own_line, own_score, own_sheet, own_sheets
from dealer_crm.appraisal.views.scores import scores
from dealer_crm.appraisal.views.sheets import (
    line,
    sheet,
    sheet_enter,
    sheet_return,
    sheet_review,
    sheets,
    sheets_open,
)
from dealer_crm.appraisal.views.waiting import entry_card, own_sheet_card, review_card, sheet_appeals_card

__all__ = [
    "appeal",
    "appeals",
    "card",
    "card_adopt",
    "card_discard",
    "card_draft",
    "card_edit",
    "cards",
    "cards_install",
    "entry_card",
    "item_edit",
    "item_new",
    "item_remove",
    "line",
    "own_appeal",
    "own_line",
    "own_score",
    "own_sheet",
    "own_sheet_card",
    "own_sheets",
    "review_card",
    "scores",
    "sheet",
    "sheet_appeals_card",
    "sheet_enter",
    "sheet_return",
    "sheet_review",
    "sheets",
    "sheets_open",
    "site",
    "site_cards",
    "stars",
    "training",
]
