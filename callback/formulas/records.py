"""What a contact record must state, the sentence it says it in, and how complete it is.

Source: spec `callback.md`, contact records (信息记录规范). The sentence is data: it is written in Chinese.
"""

from collections.abc import Mapping

_VISIT = ("plate", "station", "visited_on")
_CAR = ("brand", "purchased_on", "mileage")

REQUIRED_FACTS: dict[str, tuple[str, ...]] = {
    "callback": (),
    "enquiry.station": ("area", "brand", "asked"),
    "enquiry.policy": ("brand", "purchased_on", "mileage", "asked"),
    "enquiry.technical": ("brand", "mileage", "fault", "asked"),
    "enquiry.price": ("brand", "station", "asked"),
    "enquiry.promotion": ("area", "brand", "asked"),
    "enquiry.progress": ("plate", "station", "asked"),
    "enquiry.fault": ("brand", "mileage", "fault"),
    "enquiry.parts": ("brand", "purchased_on", "asked"),
    "rescue": ("plate", "brand", "area", "fault"),
    "complaint.attitude": (*_VISIT, "asked"),
    "complaint.slow": (*_VISIT, "asked"),
    "complaint.skill": (*_VISIT, "mileage", "fault", "asked"),
    "complaint.sales": ("plate", "station", "purchased_on", "asked"),
    "complaint.supply": (*_VISIT, "brand", "asked"),
    "complaint.first": (*_VISIT, "purchased_on", "mileage", "asked"),
    "complaint.warranty": (*_VISIT, "purchased_on", "mileage", "fault", "asked"),
    "complaint.parts": (*_VISIT, "asked"),
    "complaint.product": ("plate", *_CAR, "fault", "asked"),
}
"""Category → the facts it asks for, in the order they are asked on the phone."""

_CLAUSES = (
    ("area", "{}地区"),
    ("brand", "{}车主"),
    ("plate", "车牌{}"),
    ("purchased_on", "{}购车"),
    ("mileage", "行驶{}公里"),
    ("visited_on", "{}到店"),
    ("station", "服务站{}"),
    ("fault", "反映{}"),
    ("asked", "要求/咨询：{}"),
)


def missing_facts(category: str, facts: Mapping[str, str]) -> list[str]:
    """The facts the category asks for and the record does not state."""
    return [name for name in REQUIRED_FACTS.get(category, ()) if not str(facts.get(name) or "").strip()]


def record_sentence(lead: str, facts: Mapping[str, str]) -> str:
    """The standard sentence: `lead` (who, how, about what), then what is known, in the order of the standard."""
    clauses = [form.format(facts[name]) for name, form in _CLAUSES if str(facts.get(name) or "").strip()]
    return f"{lead}：{'，'.join(clauses)}。" if clauses else f"{lead}。"


def record_points(category: str, facts: Mapping[str, str], cost: int) -> int:
    """100 less `cost` for every missing fact, at least 0."""
    return max(0, 100 - cost * len(missing_facts(category, facts)))
