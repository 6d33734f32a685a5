"""What technicians may do (技能), from a day on."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff
from dealer_crm.values import Refusal
from reception.choices import Skill
from workshop.models import TechnicianSkills
from workshop.queries import technicians_of


@transaction.atomic
def set_skills(*, technician: Staff, skills: Iterable[Skill], starts_on: date, by, at: datetime) -> TechnicianSkills:
    """Say what a technician may do from a day on, today or later; what was said of that same day is said anew."""
    skills = [skill for skill in Skill if skill in set(skills)]
    technician = Staff.objects.select_for_update(of=("self",), no_key=True).get(pk=technician.pk)
    today = at.astimezone(technician.store.tz).date()
    if starts_on < today:
        raise Refusal(_("Skills hold from today or a later day."), field="starts_on", code="starts_in_past")
    if not technicians_of(technician.store, today).filter(pk=technician.pk).exists():
        raise Refusal(_("%(person)s works in no team of the workshop.") % {"person": technician}, code="no_technician")
    former = TechnicianSkills.objects.filter(technician=technician, starts_on__lte=starts_on).first()
    if former and former.skills == skills:
        return former
    row, _made = TechnicianSkills.objects.update_or_create(
        technician=technician, starts_on=starts_on, defaults={"skills": skills}
    )
    told = [former.skills if former else [], skills]
    journal.record(
        by=by, at=at, verb="technician.skills_set", subject=technician, changes={"skills": told}, note=f"{starts_on}"
    )
    return row
