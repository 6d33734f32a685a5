from complaints import actions


def complaints_imported(sender, sheets, at, **_more) -> None:
    """A workbook brought complaints in after the fact: nobody is told now that a clock ran out last month."""
    if "投诉" in sheets:
        actions.mark_passed_silently(complaint_ids=sheets["投诉"], by=None, at=at)
