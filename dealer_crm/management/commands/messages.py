"""`manage.py messages`: the texts of the program and their translations (see `dealer_crm.catalogues`)."""

from django.core.management import BaseCommand

from dealer_crm import catalogues


class Command(BaseCommand):
    help = "Collect the texts to translate; --check fails when one is missing, fuzzy or unused; --compile writes .mo."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("apps", nargs="*", help="only these catalogues, as folders: reception dealer_crm/ui")
        parser.add_argument("--check", action="store_true")
        parser.add_argument("--compile", action="store_true")

    def handle(self, *args, **options):
        wished = [f"--{name}" for name in ("check", "compile") if options[name]]
        raise SystemExit(catalogues.main([*wished, *options["apps"]]))
