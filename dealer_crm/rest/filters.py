"""Filters every list of the API has. Source: spec `interfaces.md` (HTTP API: filters)."""

from rest_framework.filters import BaseFilterBackend


class OfStore(BaseFilterBackend):
    """`?store=BJ01`: the rows of one store, for whoever reads several. A code no store has gives no rows."""

    def filter_queryset(self, request, queryset, view):
        code = request.query_params.get("store", "").strip().upper()
        return queryset.filter(**{f"{queryset.store_path}__code": code}) if code else queryset

    def get_schema_operation_parameters(self, view):
        if view.action != "list":
            return []
        said = "code of a store: its rows only"
        return [{"name": "store", "in": "query", "required": False, "description": said, "schema": {"type": "string"}}]
