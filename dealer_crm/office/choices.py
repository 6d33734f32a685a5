from django.utils.translation import gettext_lazy as _

VERBS = {
    "staff.created": _("Person entered"),
    "staff.changed": _("Person changed"),
    "staff.roles_granted": _("Rights changed"),
    "staff.left": _("Person left"),
    "staff.returned": _("Person returned"),
    "staff.account_closed": _("Account closed"),
    "staff.password_reset": _("Password reset"),
    "staff.password_changed": _("Own password changed"),
    "staff.signed_in": _("Signed in"),
    "staff.sign_in_failed": _("Sign-in failed"),
    "staff.signed_out": _("Signed out"),
    "staff.second_factor_set_up": _("Second factor set up"),
    "staff.second_factor_forgotten": _("Second factor taken off"),
    "position.started": _("New position"),
    "position.changed": _("Position corrected"),
    "store.created": _("Store opened"),
    "store.changed": _("Store changed"),
    "team.created": _("Team added"),
    "team.changed": _("Team changed"),
    "figure.changed": _("Figure changed"),
    "calendar.loaded": _("Calendar loaded"),
    "calendar.changed": _("Calendar day changed"),
    "calendar.cleared": _("Calendar exception taken back"),
}
"""What the deeds of the ground floor are called in the journal."""
