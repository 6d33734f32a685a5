"""What ECharts is told to draw."""

from django.utils.translation import gettext as _

from complaints.formulas import Pareto


def causes_chart(causes: list[Pareto]) -> dict:
    """Pareto of the categories: bars of the number, a line of the cumulated share."""
    return {
        "legend": {"data": [_("Complaints"), _("Cumulated share")]},
        "xAxis": {
            "type": "category",
            "data": [cause.label for cause in causes],
            "axisLabel": {"interval": 0, "width": 56, "overflow": "break"},
        },
        "yAxis": [
            {"type": "value", "minInterval": 1},
            {
                "type": "value",
                "min": 0,
                "max": 100,
                "axisLabel": {"formatter": "{value}%"},
                "splitLine": {"show": False},
            },
        ],
        "series": [
            {"name": _("Complaints"), "type": "bar", "barMaxWidth": 36, "data": [cause.count for cause in causes]},
            {
                "name": _("Cumulated share"),
                "type": "line",
                "yAxisIndex": 1,
                "data": [round(float(cause.cumulated * 100), 1) for cause in causes],
            },
        ],
    }


def kinds_chart(kinds: list[tuple[str, int, object]]) -> dict:
    """Goodwill by what it was given as: a bar for each kind, in CNY."""
    return {
        "xAxis": {"type": "value"},
        "yAxis": {"type": "category", "inverse": True, "data": [label for label, _times, _amount in kinds]},
        "series": [{"type": "bar", "barMaxWidth": 28, "data": [float(amount) for _label, _times, amount in kinds]}],
    }


def ages_chart(ages: list[tuple[str, int]]) -> dict:
    """Open complaints by how long they have been open."""
    return {
        "xAxis": {"type": "category", "data": [label for label, _count in ages]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [{"type": "bar", "barMaxWidth": 36, "data": [count for _label, count in ages]}],
    }
