"""`seed`: realistic stores of any size, in bulk and deterministic. Source: spec `interfaces.md` (commands)."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.seeding.scene import seed_stores


class Command(BaseCommand):
    help = "Write made-up stores, customers and months of orders; the same numbers give the same rows."

    def add_arguments(self, parser):
        parser.add_argument("--stores", type=int, default=1, help="how many stores (default 1)")
        parser.add_argument("--orders", type=int, default=1000, help="finished orders of each store (default 1000)")
        parser.add_argument("--months", type=int, default=3, help="months gone by over which they spread (default 3)")
        parser.add_argument("--random-seed", type=int, default=1, help="another number, another world (default 1)")
        parser.add_argument("--demo", action="store_true", help="also today's scene and the demo sign-ins")
        parser.add_argument("--neighbours", type=int, default=0, help="small stores beside them to compare with")

    def handle(self, *, stores, orders, months, random_seed, demo, neighbours, verbosity, **_options):
        if stores < 1 or min(orders, neighbours) < 0 or months < 1:
            raise CommandError(_("--stores and --months start at 1, --orders at 0"))
        say = self.stdout.write if verbosity else (lambda _text: None)
        seed_stores(
            stores=stores,
            orders=orders,
            months=months,
            random_seed=random_seed,
            is_demo=demo,
            neighbours=neighbours,
            at=timezone.now(),
            say=say,
        )
