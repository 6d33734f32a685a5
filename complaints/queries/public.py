"""The address of the public form: a store's code, signed, so that nobody finds another store by trying."""

from django.core import signing
from django.urls import reverse

from dealer_crm.organization.models import Store

_SALT = "complaints.public"


def public_path(store: Store, page: str = "complaints:public") -> str:
    """The form's path (`page`: another public form that knows its store by the same token). It does not run out: it
    hangs on the wall."""
    return reverse(page, args=[signing.Signer(salt=_SALT).sign(store.code)])


def store_of_token(token: str) -> Store | None:
    try:
        code = signing.Signer(salt=_SALT).unsign(token)
    except signing.BadSignature:
        return None
    return Store.objects.filter(code=code).first()
