"""The journal's verbs in the words of the desk."""

from django.utils.translation import gettext_lazy as _

from reception.choices.orders import Payer

DEEDS = {
    "customer.created": _("Customer entered"),
    "customer.changed": _("Customer changed"),
    "customer.phone_changed": _("Phone changed"),
    "phone.revealed": _("Phone shown"),
    "vehicle.created": _("Vehicle entered"),
    "vehicle.changed": _("Vehicle changed"),
    "repair_order.drafted": _("Order prepared"),
    "repair_order.opened": _("Car taken in"),
    "repair_order.changed": _("Order changed"),
    "repair_order.lines_changed": _("Lines changed"),
    "repair_order.promise_moved": _("New delivery time"),
    "repair_order.reassigned": _("Given to another advisor"),
    "repair_order.cancelled": _("Order cancelled"),
    "repair_order.assessed": _("Accident assessment"),
    "repair_order.dispatched": _("Work dispatched"),
    "repair_order.started": _("Work started"),
    "repair_order.waiting": _("Work stands still"),
    "repair_order.resumed": _("Work resumed"),
    "repair_order.sent_to_inspection": _("Sent to inspection"),
    "repair_order.returned_to_work": _("Sent back to work"),
    "repair_order.ready": _("Final inspection passed"),
    "repair_order.delivered": _("Car delivered"),
    "repair_order.lateness_noted": _("Customer asked about punctuality"),
    "settlement.created": _("Order settled"),
    "settlement.reversal_requested": _("Reversal asked for"),
    "settlement.reversal_declined": _("Reversal declined"),
    "settlement.reversed": _("Settlement reversed"),
    "receipt.entered": _("Money received"),
    "receipt.refunded": _("Money refunded"),
    "segment.created": _("Segment made"),
    "segment.changed": _("Segment changed"),
    "segment.deleted": _("Segment deleted"),
    "agreement.drafted": _("Agreement prepared"),
    "agreement.changed": _("Agreement changed"),
    "agreement.discarded": _("Draft of an agreement discarded"),
    "agreement.approved": _("Agreement approved"),
    "agreement.ended": _("Agreement ended"),
    "agreement.drawn": _("Drawn from the agreement"),
    "agreement.put_back": _("Put back into the agreement"),
    "repair_order.agreement_applied": _("Terms applied"),
    "membership.terms_set": _("Terms of a level set"),
    "membership.terms_withdrawn": _("Terms of a level withdrawn"),
    "customer.points_moved": _("Points moved"),
}

# Changes in the journal that are no fields of their thing.
CHANGES = {
    "times": _("times"),
    "prepaid": _("prepaid balance"),
    "points": _("points"),
    "line": _("Lines"),
    "phone": _("phone"),
    **{f"{payer.value}_amount": payer.label for payer in Payer},
}
