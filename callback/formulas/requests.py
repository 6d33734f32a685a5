"""By when a service request is answered, and which marks its clock has passed.

Source: spec `callback.md` ("answered by a time that the customer's service agreement or the default sets").
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from callback.formulas.due import Hours
from callback.formulas.referrals import answer_by


@dataclass(frozen=True)
class AnswerTime:
    """How soon somebody answers. `agreed`: what an agreement promises, by the clock on the wall; else `usual` holds, in
    the hours the house is open unless it answers `round_the_clock`."""

    usual: timedelta
    round_the_clock: bool = False
    agreed: timedelta | None = None


def answer_due(received_at: datetime, time: AnswerTime, hours: Hours) -> datetime:
    """An agreement's hours and a rescue's minutes run from the receipt; the others wait for the opening."""
    if time.agreed is not None:
        return received_at + time.agreed
    if time.round_the_clock:
        return received_at + time.usual
    return answer_by(received_at, time.usual, hours)
