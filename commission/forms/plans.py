"""A plan version as it is written: name, first month, and a form for each rule (`plans_blocks`)."""

from collections.abc import Iterable, Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from commission.forms import plans_posts  # noqa: F401 - its forms register themselves
from commission.forms.plans_blocks import BlockForm, block_form, block_kinds
from commission.formulas.plan import FRONT_DESK, INSTALLERS, PARTS, Block, HoursPrice, plan_from_json
from commission.formulas.wording import Notice
from commission.models import PlanVersion
from commission.queries import said
from dealer_crm.ui.fields import MonthField
from dealer_crm.values import Refusal

_BLOCKS_AT_MOST = 60


class VersionForm(forms.Form):
    """What a version is called and from when it holds; `revision`: the saving the page was made from."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label=_lazy("What is new"), max_length=80, required=False, help_text=_lazy("In a few words, for the approver.")
    )
    starts = MonthField(label=_lazy("In force from"))


class PlanForm:
    """The editor of a draft. `blocks` stand as on the page; each names itself `<place>:<type>` in a hidden field.

    `add` and `remove` are what buttons of the page ask for: one more rule of a type, or one less. The page then comes
    back with everything that was typed, and nothing is saved.
    """

    def __init__(self, posted=None, *, version: PlanVersion):
        self.problems: list[str] = []
        self._made: list[tuple[BlockForm, Block]] = []
        rules = plan_from_json(version.rules)
        initial = {"revision": version.revision, "name": version.name, "starts": str(rules.starts)}
        self.head = VersionForm(posted, initial=initial)
        if posted is None:
            self.blocks = [
                _named(place, block.TYPE, block_form(block.TYPE)(prefix=f"rule{place}", block=block))
                for place, block in enumerate(rules.blocks)
            ]
        else:
            self.blocks = [_posted(posted, named) for named in posted.getlist("rule")[:_BLOCKS_AT_MOST]]
        self._offer()

    def add(self, kind: str) -> None:
        """One more rule, empty, with the next free letter as its code."""
        if kind not in dict(block_kinds()) or len(self.blocks) >= _BLOCKS_AT_MOST:
            raise Refusal(_("There is no such rule to add."))
        place = 1 + max((block.place for block in self.blocks), default=-1)
        form = block_form(kind)(prefix=f"rule{place}", code=_free_code(self._codes()))
        form.fields["code"].widget.attrs["autofocus"] = True
        self.blocks.append(_named(place, kind, form))
        self._offer()

    def remove(self, place: str) -> None:
        self.blocks = [block for block in self.blocks if str(block.place) != place]
        self._offer()

    def is_valid(self) -> bool:
        """Everything wrong with any field is said at once."""
        return all([self.head.is_valid(), *(block.is_valid() for block in self.blocks)])

    def given(self) -> dict:
        """What `change_version` takes."""
        head = self.head.cleaned_data
        return {
            "name": head["name"],
            "starts": head["starts"],
            "blocks": self.rules(),
            "expected_revision": head["revision"],
        }

    def rules(self) -> Sequence[Block]:
        self._made = [(form, form.block()) for form in self.blocks]
        return tuple(block for _form, block in self._made)

    def tell(self, refusal: Refusal) -> None:
        """Say a refusal beside the field it is about, what concerns the plan as a whole above it."""
        if problems := getattr(refusal, "problems", ()):
            for notice in problems:
                self._tell(notice)
        elif refusal.field in self.head.fields:
            self.head.add_error(refusal.field, str(refusal))
        else:
            self.problems.append(str(refusal))

    def take_revision(self, revision: int | None) -> None:
        """After a colleague's saving: what was typed stays, and the next saving counts from theirs."""
        self.head.data = self.head.data.copy()
        self.head.data["revision"] = "" if revision is None else str(revision)

    @property
    def has_errors(self) -> bool:
        return bool(self.problems or self.head.errors or any(block.is_wrong for block in self.blocks))

    def _tell(self, notice: Notice) -> None:
        """A mistake of one rule stands with it; one of several (a seller under two rules) with each of them."""
        concerned = [form for form, block in self._made if block.code == notice.subject]
        concerned = concerned or [form for form, block in self._made if _says(block, notice.place, notice.subject)]
        for form in concerned:
            form.tell(notice.place, said(notice))
        if not concerned:
            self.problems.append(said(notice))

    def _codes(self) -> list[str]:
        return [str(block["code"].value() or "") for block in self.blocks]

    def _offer(self) -> None:
        """Rules speak of pools and of each other; what there is to choose from is what stands on the page."""
        codes = [code for code in self._codes() if code]
        hours = [str(block["code"].value() or "") for block in self.blocks if block.makes is HoursPrice]
        for block in self.blocks:
            block.offer(pools=[FRONT_DESK, INSTALLERS, PARTS, *filter(None, hours)], rules=codes)


def _named(place: int, kind: str, form: BlockForm) -> BlockForm:
    form.place, form.named = place, f"{place}:{kind}"
    return form


def _posted(posted, named: str) -> BlockForm:
    place, _colon, kind = named.partition(":")
    if not place.isdecimal() or kind not in dict(block_kinds()):
        raise Refusal(_("The form came back incomplete; load the page again."))
    return _named(int(place), kind, block_form(kind)(posted, prefix=f"rule{place}"))


def _says(block: Block, place: str, subject: str) -> bool:
    value = getattr(block, place, None)
    return value == subject or (isinstance(value, tuple) and subject in value)


def _free_code(taken: Iterable[str]) -> str:
    letters = {code[:1] for code in taken}
    return next((letter for letter in "GHJKLMNPQRSTUVWXYZ" if letter not in letters), "")


class DryRunForm(forms.Form):
    """Over which months a version is tried."""

    first = MonthField(label=_lazy("from month"))
    last = MonthField(label=_lazy("to month"))
