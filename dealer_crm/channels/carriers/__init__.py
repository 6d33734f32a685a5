"""Who takes a message to its address: one interface, chosen for each channel by the environment.

`carrier_for(Channel.SMS)` gives the carrier in force, or None when the channel is switched off. A carrier never raises
for what the other side does: it answers `TAKEN`, `LATER` (try again) or `NEVER` (this message will not go).
"""

from collections.abc import Callable

from django.conf import settings

from dealer_crm.channels.carriers.console import Console
from dealer_crm.channels.carriers.gateway import Gateway
from dealer_crm.channels.carriers.interface import Carrier, Handed, Outgoing, Setup, Verdict
from dealer_crm.channels.carriers.mail import Mail
from dealer_crm.channels.choices import CarrierKind, Channel

_CARRIERS: dict[CarrierKind, Callable[[Setup], Carrier]] = {
    CarrierKind.CONSOLE: Console,
    CarrierKind.GATEWAY: Gateway,
    CarrierKind.EMAIL: Mail,
}


def setup_of(channel: Channel) -> Setup:
    """What the environment says of a channel."""
    said = settings.CHANNELS.get(str(channel), {"carrier": CarrierKind.OFF})
    return Setup(channel=Channel(channel), **{**said, "carrier": CarrierKind(said["carrier"])})


def is_on(channel: Channel) -> bool:
    return setup_of(channel).is_on


def carrier_for(channel: Channel) -> Carrier | None:
    """The carrier in force for a channel; None when it is switched off."""
    setup = setup_of(channel)
    return _CARRIERS[setup.carrier](setup) if setup.is_on else None


__all__ = ["Carrier", "Handed", "Outgoing", "Setup", "Verdict", "carrier_for", "is_on", "setup_of"]
