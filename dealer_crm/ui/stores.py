"""Which store a page of one store shows; its picker is `<c-store-field :store="store" />` (`templates/components`)."""

from django.http import Http404

from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import stores_visible_to


def store_asked(request) -> Store:
    """The person's own store; who sees several names one with `?store=CODE`, else sees the first."""
    stores = stores_visible_to(request.user)
    if code := request.GET.get("store"):
        store = stores.filter(code=code).first()
    else:
        store = request.user.store or stores.first()
    if store is None:
        raise Http404
    return store
