"""Which store a page shows: one (`store_asked`), or of a list all of them or one (`store_picked`).

The picker is `<c-store-field :store="store" />` (`templates/components`), of a list with `every="1"`.
"""

from django.http import Http404

from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import stores_visible_to


def store_asked(request) -> Store:
    """The person's own store; who sees several names one with `?store=CODE`, else sees the first."""
    stores = stores_visible_to(request.user)
    if code := request.GET.get("store"):
        store = stores.filter(code=code.strip().upper()).first()
    else:
        store = request.user.store or stores.first()
    if store is None:
        raise Http404
    return store


def store_picked(request) -> Store | None:
    """The store a list is narrowed to by who sees several; None: all of those they see."""
    code = request.GET.get("store", "")
    if not code or not request.user.sees_all_stores:
        return None
    return store_asked(request)


def only_of(store: Store | None) -> dict:
    """The same as a condition of a query."""
    return {"store": store} if store else {}
