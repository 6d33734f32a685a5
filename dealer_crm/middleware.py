"""What every request meets before the apps see it, and that belongs to no app."""

from django.conf import settings
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class ForwardedAddress:
    """Take the caller's address from the proxy's `X-Real-IP`.

    Only when `BEHIND_PROXY` says that a proxy of ours stands in front and sets that header itself; otherwise anybody
    could choose the address that lock-out and audit trail see.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        forwarded = request.META.get("HTTP_X_REAL_IP")
        if settings.BEHIND_PROXY and forwarded:
            request.META["REMOTE_ADDR"] = forwarded
        return self.get_response(request)


class ChosenLanguage(LocaleMiddleware):
    """The house speaks Chinese until a person switches (a cookie); the browser's own wish counts for the API only."""

    def process_request(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen not in dict(settings.LANGUAGES):
            asks = request.path_info.startswith("/api/") and "HTTP_ACCEPT_LANGUAGE" in request.META
            chosen = translation.get_language_from_request(request) if asks else settings.LANGUAGE_CODE
        translation.activate(chosen)
        request.LANGUAGE_CODE = translation.get_language()
