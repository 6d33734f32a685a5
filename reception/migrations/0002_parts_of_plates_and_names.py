"""An index for "contains": arrays of the two- and three-letter pieces of plates and names under GIN.

PostgreSQL's own pg_trgm is an extension and not everywhere at hand; this needs none. The function is named with its schema,
because an index is also rebuilt by a restore, which runs without a search path. Source: spec measured.md.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION public.reception_pieces(whole text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY(
    SELECT DISTINCT pg_catalog.substr(whole, place, size)
    FROM pg_catalog.generate_series(1, pg_catalog.length(whole) - 1) AS place, (VALUES (2), (3)) AS sizes (size)
    WHERE place + size - 1 <= pg_catalog.length(whole)
);
"""


class Migration(migrations.Migration):
    dependencies = [("reception", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION public.reception_pieces(text)"),
        migrations.RunSQL(
            "CREATE INDEX vehicle_plate_pieces ON reception_vehicle USING gin (public.reception_pieces(plate::text))",
            "DROP INDEX vehicle_plate_pieces",
        ),
        migrations.RunSQL(
            "CREATE INDEX customer_name_pieces ON reception_customer USING gin (public.reception_pieces(name::text))",
            "DROP INDEX customer_name_pieces",
        ),
    ]
