from satisfaction.models import Flag


def flags_for(staff, *, dealt: bool = False):
    """The bad answers a person may see, with everything the list shows: those to be dealt with, or those that were."""
    rows = Flag.objects.visible_to(staff)
    rows = rows.exclude(dealt_at=None) if dealt else rows.undealt()
    return rows.select_related(
        "answer__question",
        "answer__response__order__vehicle",
        "answer__response__customer",
        "answer__response__advisor",
        "dealt_by",
        "store",
    )


def undealt_count(staff) -> int:
    return Flag.objects.visible_to(staff).undealt().count()
