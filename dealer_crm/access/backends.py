import unicodedata

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

DEMO_PASSWORD = "demo"  # noqa: S105 (said aloud on the sign-in page of the demo)


def plain_name(typed: str) -> str:
    """A sign-in name as it is compared: without case, blanks around it and full-width letters."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def name_to_lock(request, credentials) -> str:
    """Under which name wrong passwords are counted: `AB`, `ab` and `ＡＢ` are one person's."""
    return plain_name((credentials or {}).get("username") or request.POST.get("username", ""))


class NoDemoPassword:
    """The password everybody knows opens nothing outside the demo, whichever account carries it.

    It only turns away: without `get_user` no session is ever remembered under its name.
    """

    def authenticate(self, request, username=None, password=None, **credentials):
        if password == DEMO_PASSWORD and not settings.DEMO:
            raise PermissionDenied
        return


class AnotherPassword:
    """A new password is not the one there was."""

    def validate(self, password, user=None):
        if user is not None and user.check_password(password):
            raise ValidationError(_("This is the password you have. Take another one."), code="same_password")

    def get_help_text(self):
        return _("It is another one than before.")
