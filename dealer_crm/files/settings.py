"""Dated figures of what may be brought; a manager sees and changes them."""

from django.utils.translation import gettext_lazy as _

from dealer_crm.values import Figure

IMAGE_MEGABYTES = Figure(
    "files.image_megabytes", 15, _("Largest picture that may be brought"), _("MB"), "complaints.md (evidence)"
)
PDF_MEGABYTES = Figure(
    "files.pdf_megabytes", 20, _("Largest PDF document that may be brought"), _("MB"), "complaints.md (evidence)"
)
AUDIO_MEGABYTES = Figure(
    "files.audio_megabytes", 25, _("Largest sound recording that may be brought"), _("MB"), "complaints.md (evidence)"
)
IMAGE_SIDE = Figure(
    "files.image_side", 2048, _("Longest side of a kept picture"), _("pixels"), "reception.md (walk-round photos)"
)
WAITING_HOURS = Figure(
    "files.waiting_hours",
    24,
    _("Hours after which a file nobody keeps is swept away"),
    _("hours"),
    "architecture.md (ground floor)",
)
