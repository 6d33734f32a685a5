"""The base of every API resource: store scope, declared permissions, ETag/If-Match, Idempotency-Key.

Source: spec `interfaces.md` (HTTP API).
"""

import hashlib
import json

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions, mixins, status, viewsets
from rest_framework.response import Response

from dealer_crm.rest.models import KeptAnswer
from dealer_crm.values import Refusal, Stale

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True,
    description="The ETag seen when it was read; `*` to write whatever stands. Missing: 428, overtaken: 412.",
)  # fmt: skip


class VersionMissing(exceptions.APIException):
    """Somebody writes over what stands without saying what they have seen (RFC 6585)."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "version_missing"
    default_detail = gettext_lazy(
        "Say which version you change: send If-Match with the ETag you have read, so that nobody's work is lost."
    )


class ScopedViewSet(viewsets.GenericViewSet):
    """A resource whose rows belong to stores; another store's row answers 404.

    `permissions` maps action names to permissions; `rows()` gives the queryset before scoping. `versioned` names the
    actions that write over what stands: without `If-Match` they answer 428 (their schema names `IF_MATCH`).
    """

    permissions: dict = {}
    versioned: frozenset[str] = frozenset()

    def rows(self):
        return self.queryset.all()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return self.rows().visible_to(self.request.user)

    def initial(self, request, *args, **kwargs):
        """Another store's object is not there, whatever the body says: asked before the body is read."""
        super().initial(request, *args, **kwargs)
        if self.detail and request.method not in ("GET", "HEAD", "OPTIONS"):
            asked = {self.lookup_field: kwargs[self.lookup_url_kwarg or self.lookup_field]}
            try:
                found = self.get_queryset().filter(**asked).exists()
            except (TypeError, ValueError):
                found = False
            if not found:
                raise Http404

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        body = getattr(response, "data", None)
        if response.status_code < 300 and isinstance(body, dict) and "version" in body:
            response["ETag"] = f'"{body["version"]}"'
        return response

    def expected_version(self) -> int | None:
        """The version the caller has seen, from `If-Match`; None when not given. Raises Stale when it is not one, and
        VersionMissing where it must be given."""
        tag = self.request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
        if not tag and self.action in self.versioned:
            raise VersionMissing
        if not tag or tag == "*":
            return None
        if not tag.isdigit():
            raise Stale(_("This record was changed in the meantime; load it again."))
        return int(tag)


class ReadViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    pass


class Idempotent:
    """Mixin: a POST with an `Idempotency-Key` is done once; the same key and body give the same answer again.

    The key is stored in the transaction that does the work: either both are kept or neither, so a request cut off half
    way can be sent again. Two at the same time: the second waits for the first and gets its answer.
    """

    def dispatch(self, request, *args, **kwargs):
        if request.method != "POST" or not request.headers.get("Idempotency-Key"):
            return super().dispatch(request, *args, **kwargs)
        self._kept, self._is_replay = None, False
        with transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)
            if response.status_code >= 400 and not self._is_replay:
                transaction.set_rollback(True)  # nothing was done, so the same key may try again
            elif self._kept is not None and not self._is_replay:
                KeptAnswer.objects.filter(pk=self._kept.pk).update(
                    status=response.status_code, body=_jsonable(response)
                )
        return response

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        key = request.headers.get("Idempotency-Key")
        if request.method == "POST" and key:
            self._claim(request, key[:200])

    def _claim(self, request, key):
        mark = hashlib.sha256(
            b"\0".join([request.method.encode(), request.get_full_path().encode(), request._request.body])
        ).hexdigest()
        try:
            with transaction.atomic():
                self._kept = KeptAnswer.objects.create(
                    staff=request.user, key=key, fingerprint=mark, status=0, kept_at=timezone.now()
                )
        except IntegrityError:
            self._kept = KeptAnswer.objects.get(staff=request.user, key=key)
            if self._kept.fingerprint != mark:
                raise Refusal(
                    _("This Idempotency-Key was used for another request; take a new one."), code="key_reused"
                ) from None
            self._is_replay = True
            raise _Answered(self._kept) from None

    def handle_exception(self, error):
        if isinstance(error, _Answered):
            return Response(error.kept.body, status=error.kept.status, headers={"Idempotency-Replayed": "true"})
        return super().handle_exception(error)


class _Answered(Exception):
    def __init__(self, kept: KeptAnswer):
        self.kept = kept


def _jsonable(response: Response):
    if not response.is_rendered:
        response.render()
    return json.loads(response.content) if response.content else None
