from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from satisfaction.actions import install_questionnaires


def bring_shipped_questionnaires(sender, using=DEFAULT_DB_ALIAS, **_kwargs) -> None:
    """After `migrate` (and after a test has emptied the tables) the shipped questionnaires are there.

    Half way, when migrating back or to a chosen migration, the tables are not those of the models: nothing is done.
    """
    loader = MigrationLoader(connections[using])
    if all(leaf in loader.applied_migrations for leaf in loader.graph.leaf_nodes("satisfaction")):
        install_questionnaires(by=None, at=timezone.now())
