"""What ECharts is told to draw."""

from callback.choices import VisitSource


def traffic_chart(hours) -> dict:
    """Arrivals by hour of the day, a piece of the bar for each source."""
    return {
        "legend": {"data": [str(label) for label in VisitSource.labels]},
        "xAxis": {"type": "category", "data": [f"{one.hour}:00" for one in hours]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {
                "name": str(label), "type": "bar", "stack": "visitors", "barMaxWidth": 36,
                "data": [one.by_source[place] for one in hours],
            }
            for place, label in enumerate(VisitSource.labels)
        ],
    }  # fmt: skip
