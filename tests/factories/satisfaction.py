"""Responses to the shipped questionnaires."""

from datetime import datetime
from zoneinfo import ZoneInfo

from satisfaction import actions, queries
from satisfaction.choices import ResponseSource

ANSWERED = datetime(2026, 10, 15, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A working Thursday, when the customers of the tests answer unless they say otherwise."""


def response(people, answers: dict | None = None, *, order=None, advisor=None, at=ANSWERED, version=None, **fields):
    """One customer's answers (all factors `score`, 9 unless given) taken down by the agent of a `Cast`."""
    version = version or queries.csi_version()
    answers = {**all_factors(version, fields.pop("score", 9)), **(answers or {})}
    made = actions.record_response(
        **{
            "version": version,
            "store": people.store,
            "order": order,
            "customer": None,
            "source": ResponseSource.CALL,
            "answered_at": at,
            "answers": answers,
            "taken_by": people.agent,
            "by": people.agent,
            "at": at,
            **fields,
        }
    )
    if advisor is not None:
        made.advisor = advisor
        made.save(update_fields=["advisor"])
    return made


def all_factors(version, score) -> dict[str, int]:
    return {question.code: score for question in version.questions.all() if question.weight is not None}
