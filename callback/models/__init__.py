"""Rules, call tasks, contacts. Source: spec `callback.md`."""

from callback.models.contacts import Contact
from callback.models.rules import Rule, ScriptText
from callback.models.tasks import CallTask, CallTaskQuerySet

__all__ = ["CallTask", "CallTaskQuerySet", "Contact", "Rule", "ScriptText"]
