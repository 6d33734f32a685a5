from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal
from satisfaction.models import Flag


@transaction.atomic
def deal_with_flag(*, flag: Flag, result: str, by, at: datetime) -> Flag:
    """Say what was done about a bad answer. Refused without a word of it, and when somebody else was faster."""
    flag = Flag.objects.select_for_update(of=("self",)).select_related("store", "dealt_by").get(pk=flag.pk)
    result = result.strip()
    if flag.dealt_at:
        raise Refusal(
            _("%(person)s has dealt with this already: %(result)s") % {"person": flag.dealt_by, "result": flag.result},
            code="dealt_already",
        )
    if not result:
        raise Refusal(_("Say what was done for the customer."), field="result")
    flag.dealt_at, flag.dealt_by, flag.result = at, by, result[:300]
    flag.save(update_fields=["dealt_at", "dealt_by", "result"])
    journal.record(by=by, at=at, verb="flag.dealt_with", subject=flag, note=flag.result)
    return flag
