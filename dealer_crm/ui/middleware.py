"""What htmx needs of every answer, so that views answer a page and a fragment alike."""

import json

from django.contrib import messages
from django.contrib.messages import constants
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

TONES = {
    constants.DEBUG: "info",
    constants.INFO: "info",
    constants.SUCCESS: "success",
    constants.WARNING: "warning",
    constants.ERROR: "danger",
}


class HtmxAnswers:
    """Redirects become a whole-page move and queued messages become toasts, when htmx asked.

    Without it a redirected form would land inside a fragment, and a message would wait for some later page.
    Messages stay queued across a move: the next page shows them.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        # Page and fragment share an address: a browser's cache must not hand out one for the other.
        patch_vary_headers(response, ["HX-Request"])
        if not getattr(request, "htmx", False) or request.htmx.boosted:
            return response
        if response.status_code in (301, 302, 303, 307, 308):
            return _move(response)
        if response.status_code in (200, 204) and "HX-Redirect" not in response and "HX-Refresh" not in response:
            _speak(request, response)
        return response


def _move(response):
    moved = HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})
    moved.cookies = response.cookies
    return moved


def _speak(request, response):
    toasts = [
        {"tone": TONES.get(message.level, "info"), "text": str(message)} for message in messages.get_messages(request)
    ]
    if not toasts:
        return
    events = {}
    if current := response.get("HX-Trigger", ""):
        events = json.loads(current) if current.startswith("{") else {name.strip(): {} for name in current.split(",")}
    response["HX-Trigger"] = json.dumps({**events, "toast": toasts})
