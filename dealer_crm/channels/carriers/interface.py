"""The interface of the carriers: what each is given, and what it may answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _

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

    @property
    def problems(self) -> list[str]:
        """What has to be put right in the environment before messages go through a gateway; empty when nothing has."""
        if self.carrier != CarrierKind.GATEWAY:
            return []
        found = []
        if not self.url:
            found.append(_("The address of the gateway is missing."))
        elif not self.url.startswith("https://") and not settings.LOCAL:
            found.append(_("The address of the gateway is not HTTPS: numbers and texts would travel in the open."))
        if not self.secret:
            found.append(_("The secret is missing: neither side could tell the other from a stranger."))
        return found
