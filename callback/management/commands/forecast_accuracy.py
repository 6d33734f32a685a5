from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from callback.queries.forecasts import TESTED, forecast_accuracy
from dealer_crm.organization.models import Store


class Command(BaseCommand):
    help = "How far off the forecast of next services is, tested on the cars' own last readings."

    def add_arguments(self, parser):
        parser.add_argument("--store", required=True, metavar="CODE")
        parser.add_argument("--cars", type=int, default=TESTED, help="cars seen last (default: %(default)s)")

    def handle(self, *args, store, cars, **options):
        found = Store.objects.filter(code=store.strip().upper()).first()
        if found is None:
            raise CommandError(_("There is no store %(code)s.") % {"code": store})
        tested = forecast_accuracy(found, timezone.now().astimezone(found.tz).date(), cars)
        if not tested.cars:
            self.stdout.write(_("No car has three readings far enough apart."))
            return
        self.stdout.write(
            _(
                "%(cars)d cars: off by %(median)s days (median), nine in ten by at most %(nine)d; "
                "within a week %(week)s, within a fortnight %(fortnight)s; usual kilometres alone: %(usual)s days"
            )
            % {
                "cars": tested.cars,
                "median": tested.median_days,
                "nine": tested.nine_in_ten_days,
                "week": f"{tested.within_week:.0%}",
                "fortnight": f"{tested.within_fortnight:.0%}",
                "usual": tested.median_usual,
            }
        )
