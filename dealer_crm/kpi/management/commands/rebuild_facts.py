from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.kpi.actions import count_month
from dealer_crm.organization.models import Store
from dealer_crm.values import Period


class Command(BaseCommand):
    help = "Count the kept numbers of months anew from the source; safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument("--store", metavar="CODE", help="default: every store")
        parser.add_argument("--from", dest="first", required=True, metavar="YYYY-MM")
        parser.add_argument("--to", dest="last", metavar="YYYY-MM", help="default: the month under way")

    def handle(self, *, store, first, last, **_options):
        at = timezone.now()
        stores = list(Store.objects.filter(code=store.strip().upper()) if store else Store.objects.order_by("code"))
        if not stores:
            raise CommandError(_("There is no store %(code)s.") % {"code": store})
        try:
            first, last = Period.parse(first), Period.parse(last) if last else Period.of(at)
        except ValueError as error:
            raise CommandError(str(error)) from error
        for place in stores:
            period = first
            while period <= last:
                count_month(store=place, period=period, at=at)
                self.stdout.write(f"{place.code} {period}")
                period = period.next()
