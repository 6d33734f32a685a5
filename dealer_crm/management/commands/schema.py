"""`manage.py schema`: the committed description of the HTTP API, `openapi.yaml`."""

from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema


class Command(BaseCommand):
    help = "Write openapi.yaml; with --check only say whether the committed one still tells the truth."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *args, check, **options):
        path = Path(settings.BASE_DIR) / "openapi.yaml"
        with GENERATOR_STATS.silence():
            schema = SchemaGenerator().get_schema(request=None, public=True)
        if GENERATOR_STATS:
            GENERATOR_STATS.emit_summary()
            raise CommandError("The API does not describe itself completely (see above).")
        validate_schema(schema)
        text = OpenApiYamlRenderer().render(schema, renderer_context={})
        if not check:
            path.write_bytes(text)
        elif not path.exists() or path.read_bytes() != text:
            raise CommandError("openapi.yaml is out of date; `make fix` writes it anew.")
