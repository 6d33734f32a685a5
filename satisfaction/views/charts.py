"""What ECharts is told to draw."""

from django.utils.translation import gettext as _

from satisfaction.choices import Verdict
from satisfaction.formulas import ControlChart, Quadrant
from satisfaction.queries import Analysis, CompositeRow, Drivers, FiveGaps, MonthFigures

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
    least = min([500, *(_ground([row.index]) for row in month.steps)])
    return {
        "radar": {
            "indicator": [{"name": row.name, "min": least, "max": 1000} for row in month.steps],
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


# ── analysis ─────────────────────────────────────────────────────────────────────────────────────────────────────────
_RED, _GREEN, _INK = COLOURS[Verdict.WEAKNESS], COLOURS[Verdict.STRENGTH], "#8a8f98"
_QUADRANTS = {Quadrant.KEEP: _GREEN, Quadrant.IMPROVE: _RED, Quadrant.WATCH: "#d99a2b", Quadrant.HOLD: "#2f6fb5"}
_MOST_BARS = 20


def analysis_chart(figures: Analysis) -> dict:
    """The indexes as bars in the colour of the verdict, small samples grey, with the target; the first twenty."""
    rows = figures.rows[:_MOST_BARS]
    return {
        "xAxis": {"type": "category", "data": [row.name for row in rows], "axisLabel": {"interval": 0, "rotate": 30}},
        "yAxis": {"type": "value", "min": _ground([*(row.index for row in rows), figures.target]), "max": 1000},
        "series": [
            {
                "name": _("Index"),
                "type": "bar",
                "barMaxWidth": 28,
                "data": [
                    {
                        "value": _two(row.index),
                        "itemStyle": {"color": _GREY if row.is_small else COLOURS[row.verdict]},
                    }
                    for row in rows
                ],
                "markLine": {
                    "symbol": "none",
                    "data": [{"yAxis": _two(figures.target), "name": _("Target")}],
                    "lineStyle": {"type": "dashed"},
                    "label": {"position": "insideEndTop"},
                },
            }
        ],
    }


def _ground(indexes: list) -> int:
    """Where the axis begins, so that indexes can be told apart: a whole hundred well below the lowest."""
    return max(100, 100 * (int(min(index for index in indexes if index is not None)) // 100) - 200)


def importance_chart(figures: Drivers) -> dict:
    """Performance to the right, importance upwards, the quadrants parted by the means of the factors."""
    rows = [row for row in figures.rows if row.importance.r is not None]
    middles = []
    if figures.middle_importance is not None:
        middles = [{"xAxis": _two(figures.middle_performance)}, {"yAxis": _two(figures.middle_importance)}]
    return {
        "grid": {"top": 24, "bottom": 32},
        "tooltip": {"trigger": "item", "formatter": "{b}"},
        "xAxis": {"type": "value", "scale": True, "name": _("Mean"), "nameLocation": "middle", "nameGap": 24},
        "yAxis": {"type": "value", "scale": True, "name": _("Importance")},
        "series": [
            {
                "type": "scatter",
                "symbolSize": 12,
                "label": {"show": True, "position": "right", "fontSize": 11},
                "labelLayout": {"hideOverlap": True},  # good factors lie close together; the table names them all
                "data": [
                    {
                        "name": f"{row.question.code} {row.question.name}",
                        "label": {"formatter": row.question.code},
                        "value": [round(float(row.performance.mean), 3), round(float(row.importance.r), 3)],
                        "itemStyle": {"color": _QUADRANTS.get(row.quadrant, _GREY)},
                    }
                    for row in rows
                ],
                "markLine": {
                    "symbol": "none",
                    "label": {"show": False},
                    "lineStyle": {"type": "dashed", "color": _INK},
                    "data": middles,
                },
            }
        ],
    }


def pareto_chart(figures: Drivers) -> dict:
    """Bad answers as bars, the share so far as a line; the vital few red."""
    return {
        "legend": {"data": [_("Dissatisfied answers"), _("Share so far")]},
        "xAxis": {
            "type": "category",
            "data": [question.name for question, _problem in figures.problems],
            "axisLabel": {"interval": 0, "rotate": 30},
        },
        "yAxis": [
            {"type": "value", "minInterval": 1},
            {"type": "value", "min": 0, "max": 100, "axisLabel": {"formatter": "{value} %"}},
        ],
        "series": [
            {
                "name": _("Dissatisfied answers"),
                "type": "bar",
                "barMaxWidth": 28,
                "data": [
                    {"value": one.count, "itemStyle": {"color": _RED if one.is_vital else _GREY}}
                    for _question, one in figures.problems
                ],
            },
            {
                "name": _("Share so far"),
                "type": "line",
                "yAxisIndex": 1,
                "data": [_two(100 * one.cumulative) for _question, one in figures.problems],
            },
        ],
    }


def control_chart(chart: ControlChart, *, is_share: bool) -> dict:
    """The points with the middle and both limits; real shifts red, small samples grey."""
    times = 100 if is_share else 1

    def line(name: str, values, **style) -> dict:
        look = {"lineStyle": style, "itemStyle": {"color": style["color"]}}
        return {"name": name, "type": "line", "symbol": "none", "step": "middle", "data": values} | look

    def scaled(value):
        return None if value is None else _two(times * value)

    points = [
        None
        if point.value is None
        else {
            "value": scaled(point.value),
            "itemStyle": {"color": _RED if point.signal else _GREY if point.is_small else COLOURS[Verdict.NONE]},
            "symbolSize": 10 if point.signal else 6,
        }
        for point in chart.points
    ]
    limits = [
        line(_("Upper limit"), [scaled(point.high) for point in chart.points], type="dashed", color=_RED),
        line(_("Middle"), [scaled(chart.centre)] * len(chart.points), color=_GREEN),
        line(_("Lower limit"), [scaled(point.low) for point in chart.points], type="dashed", color=_RED),
    ]
    axis = {"type": "value", "scale": not is_share}
    return {
        "xAxis": {"type": "category", "data": [point.label for point in chart.points]},
        "yAxis": axis | ({"axisLabel": {"formatter": "{value} %"}, "min": 0} if is_share else {}),
        "series": [
            {
                "name": _("Dissatisfied") if is_share else _("Index"),
                "type": "line",
                "data": points,
                "connectNulls": True,
            },
            *(limits if chart.centre is not None else []),
        ],
    }


def expected_chart(figures: FiveGaps) -> dict:
    """What was expected beside what was found, factor by factor."""
    rows = figures.factors

    def bars(name: str, means, colour: str) -> dict:
        values = [None if mean is None else _two(mean) for mean in means]
        return {"name": name, "type": "bar", "barMaxWidth": 18, "data": values, "itemStyle": {"color": colour}}

    return {
        "legend": {"data": [_("Expected"), _("Experienced")]},
        "xAxis": {"type": "category", "data": [row.name for row in rows], "axisLabel": {"interval": 0, "rotate": 30}},
        "yAxis": {"type": "value", "min": 1, "max": 10},
        "series": [
            bars(_("Expected"), (row.expected.right.mean for row in rows), _GREY),
            bars(_("Experienced"), (row.expected.left.mean for row in rows), COLOURS[Verdict.NONE]),
        ],
    }


def composites_chart(rows: list[CompositeRow]) -> dict:
    """The six composite scores as bars on 0–100, small samples grey."""
    return {
        "xAxis": {"type": "category", "data": [str(row.construct.label) for row in rows]},
        "yAxis": {"type": "value", "min": 0, "max": 100},
        "series": [
            {
                "name": _("Score"),
                "type": "bar",
                "barMaxWidth": 40,
                "data": [
                    None
                    if row.figures.score is None
                    else {
                        "value": _two(row.figures.score),
                        "itemStyle": {"color": _GREY if row.is_small else COLOURS[Verdict.NONE]},
                    }
                    for row in rows
                ],
            }
        ],
    }
