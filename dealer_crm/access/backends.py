from django.conf import settings
from django.core.exceptions import PermissionDenied

DEMO_PASSWORD = "demo"  # noqa: S105 (said aloud on the sign-in page of the demo)


class NoDemoPassword:
    """The password everybody knows opens nothing outside the demo, whichever account carries it.

    It only turns away: without `get_user` no session is ever remembered under its name.
    """

    def authenticate(self, request, username=None, password=None, **credentials):
        if password == DEMO_PASSWORD and not settings.DEMO:
            raise PermissionDenied
        return
