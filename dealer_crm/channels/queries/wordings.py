from dataclasses import dataclass, replace

from dealer_crm.channels.choices import Purpose
from dealer_crm.channels.formulas import text_parts
from dealer_crm.channels.models import Wording
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
    row: Wording | None = None

    @property
    def example(self) -> str:
        """As a customer would read it."""
        return fill_in(self.text, EXAMPLES)

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


def as_typed(wording: ShownWording, text: str) -> ShownWording:
    """The same with other words, for the preview."""
    return replace(wording, text=text)


def wordings_of(stores: list[Store]) -> list[ShownWording]:
    """Every wording of some stores, in one query."""
    own = {
        (row.store_id, row.purpose): row
        for row in Wording.objects.filter(store__in=stores).select_related("changed_by")
    }
    return [_shown(store, purpose, own.get((store.pk, purpose))) for store in stores for purpose in WORDINGS]


def _shown(store: Store, purpose: Purpose, row: Wording | None) -> ShownWording:
    if row is None:
        return ShownWording(store, purpose, WORDINGS[purpose])
    return ShownWording(store, purpose, row.text, row.template, row)
