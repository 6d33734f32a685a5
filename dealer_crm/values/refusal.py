"""The one way an action says no.

An action refuses by raising a `Refusal` whose text a person can read and act on. It is translated into an answer in
three places only: the page guard, the htmx guard (both `dealer_crm.access.routes`) and the API (`dealer_crm.rest`).
"""


class Refusal(Exception):
    """A rule of the dealership says no.

    `message`: a complete sentence in the reader's language (lazy translation allowed): what, where, how to mend it.
    `code`: stable machine name, used as the problem type in the API.
    `field`: name of the form field it is about, if one.
    `details`: further sentences, one for each thing that is missing.
    """

    code = "refused"

    def __init__(self, message, *, code=None, field=None, details=()):
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.field = field
        self.details = tuple(details)

    def __str__(self):
        return " ".join(str(part) for part in (self.message, *self.details))


class Stale(Refusal):
    """Someone else changed the thing in the meantime; nothing was overwritten (HTTP 412 in the API).

    `version`: the one on record now, for whoever has read what changed and sends again.
    """

    code = "stale"

    def __init__(self, message, *, version: int | None = None, **told):
        super().__init__(message, **told)
        self.version = version
