"""`manage.py messages`: the texts of the program and their translations (see `dealer_crm.catalogues`)."""

from django.core.management import BaseCommand

from dealer_crm import catalogues


class Command(BaseCommand):
    help = "Collect the texts to translate; --check fails when one is missing, fuzzy or unused; --compile writes .mo."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")
        parser.add_argument("--compile", action="store_true")

    def handle(self, *args, check, compile, **options):
        wished = [flag for flag, given in (("--check", check), ("--compile", compile)) if given]
        raise SystemExit(catalogues.main(wished))
