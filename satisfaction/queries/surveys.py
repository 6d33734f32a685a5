"""The customer's own way to a questionnaire: a link, a code, a tablet; signed, for seven days, once for each order.

A link carries the order's id, by which way it was given, for which questionnaire, who handed it over and the moment it
was made, signed with the program's key: it can't be forged, and nothing has to be stored until the customer answers.
Once an order, whatever the way: the response's number, `link:<order>`, is unique; who told us on the phone is not asked
again.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import figure
from dealer_crm.values import Refusal
from reception.models import RepairOrder, Vehicle
from satisfaction.choices import CUSTOMER_KINDS, Channel, QuestionnaireKind, ResponseSource
from satisfaction.models import Questionnaire, QuestionnaireVersion, Response
from satisfaction.queries.questionnaires import questionnaire_of_kind, version_in_force, with_questions
from satisfaction.settings import LINK_DAYS

_SALT = "satisfaction.survey"
_SOURCES = {
    Channel.LINK: ResponseSource.LINK,
    Channel.QR: ResponseSource.QR,
    Channel.TABLET: ResponseSource.TABLET,
}


@dataclass(frozen=True)
class Invitation:
    """What a link says. `state`: open, answered, expired, forged."""

    state: str
    order: RepairOrder | None = None
    questionnaire: Questionnaire | None = None
    channel: Channel = Channel.LINK
    given_by: Staff | None = None

    @property
    def source(self) -> ResponseSource:
        return _SOURCES[self.channel]

    @property
    def number(self) -> str:
        return link_key(self.order, self.questionnaire)


def link_key(order: RepairOrder, questionnaire: Questionnaire | None = None) -> str:
    """The number of the response that comes by an order's link, whichever way it was given."""
    if questionnaire is None or questionnaire.kind == QuestionnaireKind.SERVICE_CSI:
        return f"link:{order.pk}"
    return f"link:{order.pk}:{questionnaire.code}"


def survey_path(
    order: RepairOrder,
    *,
    channel: Channel = Channel.LINK,
    questionnaire: Questionnaire | None = None,
    given_by: Staff | None = None,
) -> str:
    """The address of a questionnaire (the service CSI unless named) for the customer of this order."""
    said = [order.pk, channel.value, questionnaire.pk if questionnaire else None, given_by.pk if given_by else None]
    return reverse("satisfaction:survey", args=[signing.dumps(said, salt=_SALT, compress=False)])


def invitation(token: str, *, on: date) -> Invitation:
    """What a link is worth on a day."""
    try:
        order_id, channel, questionnaire_id, given_by = signing.loads(token, salt=_SALT)
        order = RepairOrder.objects.select_related("store", "vehicle", "customer", "advisor").get(pk=order_id)
        questionnaire = (
            Questionnaire.objects.get(pk=questionnaire_id, kind__in=CUSTOMER_KINDS)
            if questionnaire_id
            else questionnaire_of_kind(QuestionnaireKind.SERVICE_CSI)
        )
        days = figure(LINK_DAYS, store=order.store, on=on)
        signing.loads(token, salt=_SALT, max_age=timedelta(days=days))
    except signing.SignatureExpired:
        return Invitation("expired")
    except (signing.BadSignature, RepairOrder.DoesNotExist, Questionnaire.DoesNotExist, TypeError, ValueError):
        return Invitation("forged")
    given_by = Staff.objects.filter(pk=given_by).first() if given_by else None
    state = "answered" if is_answered(order, questionnaire) else "open"
    return Invitation(state, order, questionnaire, Channel(channel), given_by)


def is_answered(order: RepairOrder, questionnaire: Questionnaire) -> bool:
    """By the customer's own link, or before it on the phone or at the desk: nobody counts twice."""
    answered = Response.objects.filter(order=order, version__questionnaire=questionnaire)
    return answered.exclude(source=ResponseSource.FACTORY).exists()


def version_shown(questionnaire: Questionnaire, asked: str, *, at: datetime) -> QuestionnaireVersion:
    """The version a sheet was filled in from: answers are tied to the wording that was read, also where a new version
    begins between the reading and the sending. Without a published version of that id: the one in force."""
    if asked.isdecimal():
        shown = with_questions(questionnaire.versions.published().filter(pk=asked[:18])).first()
        if shown is not None:
            return shown
    return version_in_force(questionnaire, at=at)


def order_numbered(staff, number: str) -> RepairOrder:
    """The order a person may see by its number; refuses when there is none."""
    order = RepairOrder.objects.visible_to(staff).filter(number__iexact=number.strip()).select_related(
        "store", "customer", "vehicle"
    ).first()  # fmt: skip
    if order is None:
        raise Refusal(_("There is no order %(number)s in your store.") % {"number": number.strip()}, field="order")
    return order


def vehicle_plated(staff, plate: str) -> Vehicle:
    """The car a person may see by its plate; refuses when there is none."""
    vehicle = Vehicle.objects.visible_to(staff).filter(plate__iexact=plate.strip()).select_related("owner").first()
    if vehicle is None:
        raise Refusal(_("No car of your store has the plate %(plate)s.") % {"plate": plate.strip()}, field="plate")
    return vehicle
