from django.dispatch import Signal

message_ordered = Signal()
"""A message was put into the outbox. Sent with `message_id`, `at`; wakes whoever sends."""

texts_refused = Signal()
"""Somebody answered a message with "T", "退订" or the like. Sent with `phone` (E.164), `text`, `at`, inside the
transaction that keeps the answer. A receiver returns True when it has noted the refusal (the number is a customer's);
when nobody does, the channels keep the number on their own list."""
