"""Errors as RFC 9457 problem details, in the reader's language. Source: spec `interfaces.md` (HTTP API)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from dealer_crm.values import Refusal, Stale

PROBLEM = "application/problem+json"


def problem_response(error, context):
    """Turn whatever a view raised into a problem document; unknown errors stay the server's own (500)."""
    if isinstance(error, Refusal):
        code = status.HTTP_412_PRECONDITION_FAILED if isinstance(error, Stale) else status.HTTP_409_CONFLICT
        extra = {"errors": [{"field": error.field, "message": str(error.message)}]} if error.field else {}
        if error.details:
            extra["details"] = [str(line) for line in error.details]
        return problem(code, error.code, str(error.message), **extra)
    if isinstance(error, exceptions.ValidationError):
        return problem(
            status.HTTP_422_UNPROCESSABLE_ENTITY,
            "invalid",
            _("Some values can't be accepted."),
            errors=_flat(error.detail),
        )
    answer = exception_handler(error, context)
    if answer is None:
        return None
    if isinstance(error, Http404):
        return problem(answer.status_code, "not_found", _("There is no such thing here."))
    if isinstance(error, (PermissionDenied, exceptions.PermissionDenied)):
        return problem(answer.status_code, "forbidden", _("Your role does not allow this."))
    detail = answer.data.get("detail", "") if isinstance(answer.data, dict) else answer.data
    described = problem(answer.status_code, getattr(detail, "code", "error"), str(detail))
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in answer.headers:
            described[name] = answer.headers[name]
    return described


def problem(code: int, kind: str, title: str, **extra) -> Response:
    return Response({**_document(code, kind, title), **extra}, status=code, content_type=PROBLEM)


def _document(code: int, kind: str, title: str) -> dict:
    return {"type": f"urn:dealer-crm:problem:{kind}", "title": title, "status": code}


def is_for_a_program(request) -> bool:
    """Whether a problem is told to a program (the API) and not to a person at a page."""
    return request.path_info.startswith("/api/v1/")


def problem_page(code: int, kind: str, title: str, **extra) -> JsonResponse:
    """A problem met before or beside the API's own views: an unknown address, a body nobody could read."""
    return JsonResponse({**_document(code, kind, title), **extra}, status=code, content_type=PROBLEM)


def _flat(detail, field="") -> list[dict]:
    """Nested serializer errors as a list of field path and message."""
    if isinstance(detail, dict):
        return [row for name, inner in detail.items() for row in _flat(inner, f"{field}.{name}".strip("."))]
    if isinstance(detail, list):
        return [
            row
            for index, inner in enumerate(detail)
            for row in _flat(inner, f"{field}[{index}]" if isinstance(inner, (dict, list)) else field)
        ]
    return [{"field": field, "message": str(detail)}]
