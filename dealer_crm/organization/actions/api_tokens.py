"""Tokens for the HTTP API: one per person, with that person's rights. Source: spec `interfaces.md` (HTTP API)."""

from django.db import transaction
from rest_framework.authtoken.models import Token

from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff


@transaction.atomic
def give_api_token(*, staff: Staff, by, at) -> str:
    """A new token; a former one is worthless from now on. It is returned once and shown nowhere again."""
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    Token.objects.filter(user=staff).delete()
    token = Token.objects.create(user=staff)
    journal.record(by=by, at=at, verb="staff.api_token_given", subject=staff)
    return token.key


@transaction.atomic
def withdraw_api_token(*, staff: Staff, by, at) -> bool:
    """Make a person's token worthless. Returns whether there was one."""
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    was_there, _by_model = Token.objects.filter(user=staff).delete()
    if was_there:
        journal.record(by=by, at=at, verb="staff.api_token_withdrawn", subject=staff)
    return bool(was_there)
