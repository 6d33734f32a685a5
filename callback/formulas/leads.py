"""How complete a lead is entered and when it is spoken to again. Source: spec `callback.md`, showroom."""

from collections.abc import Mapping
from datetime import date, timedelta


def missing_of_lead(known: Mapping[str, object]) -> list[str]:
    """What the entry of a lead does not state, in the order asked; `known`: `LeadFact` → what it states."""
    return [fact for fact, value in known.items() if value in (None, "", 0)]


def last_contact_day(level: str, talked_on: date, days: Mapping[str, int]) -> date:
    """The last day for the next contact after a talk: the level's interval, in calendar days (people who buy cars
    come on weekends)."""
    return talked_on + timedelta(days=days[level])
