"""For demonstrations and a machine of one's own: the message stands in the outbox and in the log, nobody gets it."""

import logging

from dealer_crm.channels.carriers.interface import Handed, Outgoing, Setup, Verdict
from dealer_crm.channels.formulas import masked_address

log = logging.getLogger(__name__)


class Console:
    def __init__(self, setup: Setup):
        self.setup = setup

    def send(self, message: Outgoing) -> Handed:
        log.info("%s to %s: %s", message.channel, masked_address(message.to), message.text)
        return Handed(Verdict.TAKEN, gateway_id=f"console-{message.token[:8]}", is_delivered=True)
