"""What ECharts is told to draw."""

from django.utils.translation import gettext as _

from satisfaction.choices import Verdict
from satisfaction.queries import MonthFigures

COLOURS = {Verdict.STRENGTH: "#3f9c78", Verdict.WEAKNESS: "#c4524f", Verdict.NONE: "#2f6fb5"}
_GREY = "#b8c0c9"


def _two(value) -> float:
    return round(float(value), 2)


def factors_chart(month: MonthFigures) -> dict:
    """Bars of the factors' means in the colour of the verdict, small samples grey, the month before as a line."""
    rows = month.factors
    return {
        "legend": {"data": [_("This month"), _("Month before")]},
        "xAxis": {
            "type": "category",
            "data": [row.question.name for row in rows],
            "axisLabel": {"interval": 0, "rotate": 30},
        },
        "yAxis": {"type": "value", "min": 1, "max": 10},
        "series": [
            {
                "name": _("This month"),
                "type": "bar",
                "barMaxWidth": 28,
                "data": [
                    {
                        "value": _two(row.now.mean),
                        "itemStyle": {"color": _GREY if row.is_small else COLOURS[row.verdict]},
                    }
                    for row in rows
                ],
                "markLine": {
                    "symbol": "none",
                    "data": [{"yAxis": _two(month.target / 100), "name": _("Target")}],
                    "lineStyle": {"type": "dashed"},
                },
            },
            {
                "name": _("Month before"),
                "type": "line",
                "symbol": "diamond",
                "data": [None if row.before is None else _two(row.before.mean) for row in rows],
            },
        ],
    }


def steps_chart(month: MonthFigures) -> dict:
    """The seven steps as a radar of their indexes."""
    return {
        "radar": {
            "indicator": [{"name": row.name, "min": 500, "max": 1000} for row in month.steps],
            "radius": "62%",
        },
        "tooltip": {"trigger": "item"},
        "series": [
            {
                "type": "radar",
                "data": [{"value": [_two(row.index) for row in month.steps], "name": _("Index")}],
                "areaStyle": {"opacity": 0.15},
            }
        ],
    }
