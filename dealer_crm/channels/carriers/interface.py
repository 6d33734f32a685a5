"""The interface of the carriers: what each is given, and what it may answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from dealer_crm.channels.choices import CarrierKind, Channel


class Verdict(StrEnum):
    TAKEN = "taken"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True)
class Outgoing:
    """What a carrier is given. `token` is the same for every try of one message."""

    token: str
    channel: str
    purpose: str
    to: str
    subject: str
    text: str
    at: datetime
    template: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Handed:
    """What a carrier says. `wait`: how long it asks to be left alone; `is_delivered`: no receipt will follow."""

    verdict: Verdict
    gateway_id: str = ""
    reason: str = ""
    wait: timedelta | None = None
    is_delivered: bool = False


class Carrier(Protocol):
    def send(self, message: Outgoing) -> Handed: ...


@dataclass(frozen=True)
class Setup:
    """How a channel is set up (environment, see `.env.example`)."""

    channel: Channel
    carrier: CarrierKind
    url: str = ""
    account: str = ""
    secret: str = ""
    timeout: int = 10

    @property
    def is_on(self) -> bool:
        return self.carrier != CarrierKind.OFF
