from dealer_crm.journal.actions import origin


class RememberOrigin:
    """Note the address a request came from, so that journal lines can say from where."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = origin.set(request.META.get("REMOTE_ADDR") or "web")
        try:
            return self.get_response(request)
        finally:
            origin.reset(token)
