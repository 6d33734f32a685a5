from dataclasses import dataclass, replace
from datetime import date

from dealer_crm.channels.choices import CUSTOMER_PURPOSES, Channel, Purpose
from dealer_crm.channels.formulas import text_parts, with_ending
from dealer_crm.channels.models import Wording
from dealer_crm.channels.queries.plan import sending_plan
from dealer_crm.channels.shipped import EXAMPLES, NAMES, WORDINGS
from dealer_crm.organization.models import Store
from dealer_crm.values.wording import fill_in


@dataclass(frozen=True)
class ShownWording:
    """The words for a purpose in one store; `row` is None while they are as shipped."""

    store: Store
    purpose: Purpose
    text: str
    template: str = ""
    wechat_template: str = ""
    row: Wording | None = None
    ending: str = ""

    def template_for(self, channel: Channel) -> str:
        """The carrier's template for a channel; empty where it takes any words."""
        return self.wechat_template if channel == Channel.WECHAT else self.template

    @property
    def example(self) -> str:
        """As it would be read, with the way to unsubscribe for customers."""
        text = fill_in(self.text, {**EXAMPLES, "门店": self.store.name})
        return with_ending(text, self.ending) if self.purpose in CUSTOMER_PURPOSES else text

    @property
    def parts(self) -> int:
        return text_parts(self.example)

    @property
    def length(self) -> int:
        return len(self.example)

    @property
    def names(self) -> str:
        """What may stand in braces."""
        return " ".join(f"{{{name}}}" for name in NAMES[self.purpose])


def wording_in_force(store: Store, purpose: Purpose) -> ShownWording:
    """The store's own words, else the shipped ones."""
    row = Wording.objects.filter(store=store, purpose=purpose).select_related("changed_by").first()
    return _shown(store, Purpose(purpose), row)


def as_typed(wording: ShownWording, text: str, *, on: date) -> ShownWording:
    """The same with other words, as it would go out on a day: for the preview."""
    return replace(wording, text=text, ending=sending_plan(wording.store, on).ending)


def wordings_of(stores: list[Store], *, on: date) -> list[ShownWording]:
    """Every wording of some stores, as it goes out on a day."""
    own = {
        (row.store_id, row.purpose): row
        for row in Wording.objects.filter(store__in=stores).select_related("changed_by")
    }
    endings = {store.pk: sending_plan(store, on).ending for store in stores}
    return [
        replace(_shown(store, purpose, own.get((store.pk, purpose))), ending=endings[store.pk])
        for store in stores
        for purpose in WORDINGS
    ]


def _shown(store: Store, purpose: Purpose, row: Wording | None) -> ShownWording:
    if row is None:
        return ShownWording(store, purpose, WORDINGS[purpose])
    return ShownWording(store, purpose, row.text, row.template, row.wechat_template, row)
