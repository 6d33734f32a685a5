from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from callback import actions


class Command(BaseCommand):
    help = "Make the calls that are owed now. Safe to repeat, and to run while the clock does the same."

    def add_arguments(self, parser):
        parser.add_argument("--now", metavar="ISO", help="another moment than now, e.g. 2026-10-08T09:00 (local time)")

    def handle(self, *, now, **_options):
        made = actions.generate_callbacks(at=_moment(now) if now else timezone.now())
        self.stdout.write(
            _("%(made)s made, %(excluded)s excluded, %(overtaken)s overtaken, %(settled)s called already")
            % {
                "made": made.made,
                "excluded": made.excluded,
                "overtaken": made.overtaken,
                "settled": made.settled,
            }
        )


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text) or datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(_("“%(text)s” is not a moment; write 2026-10-08T09:00.") % {"text": text}) from error
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
