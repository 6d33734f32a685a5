"""The paper pack (纸质应急包): what a store needs on paper to get through a day without network.

    register_paper(
        code="orders", title=_("Open orders"), permission=Permission.ORDER_VIEW, order=10,
        template="reception/paper/orders.html", build=open_orders,  # (staff=, at=) -> what the template calls `page`
    )

Apps register their sheets in `reports.py`. A blank form (`is_blank`) is printed in as many copies as asked. Phones are
masked; a sheet whose reader must dial names `reveals`: an action (staff, context, at) that puts the whole numbers into
the context and notes each in the journal, done only when the person asks for it.
Source: spec `reception.md` (Pages, paper pack), `people-and-roles.md` (Privacy).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.values import Refusal

MOST_COPIES = 50


@dataclass(frozen=True)
class PaperSheet:
    code: str
    title: str
    permission: Permission
    template: str
    order: int
    build: Callable | None = None
    is_blank: bool = False
    # Printed across.
    is_wide: bool = False
    # Who may have the whole numbers on it, and the deed that puts them there.
    reveal_permission: Permission | None = None
    reveals: Callable | None = None

    def may_reveal(self, staff) -> bool:
        return self.reveals is not None and staff.can(self.reveal_permission)


@dataclass(frozen=True)
class CatchUp:
    """A page where what was written by hand is keyed in."""

    label: str
    url_name: str
    permission: Permission


@dataclass(frozen=True)
class PrintedSheet:
    """A sheet as it goes on paper: `pages` are the contexts it is printed with, one after the other."""

    sheet: PaperSheet
    pages: Sequence[dict]


_sheets: dict[str, PaperSheet] = {}


def register_paper(**fields) -> PaperSheet:
    """Add a sheet; the same code again replaces the former."""
    sheet = PaperSheet(**fields)
    _sheets[sheet.code] = sheet
    return sheet


_catch_ups: dict[str, CatchUp] = {}


def register_catch_up(*, label: str, url_name: str, permission: Permission) -> None:
    _catch_ups[url_name] = CatchUp(label, url_name, permission)


def catch_ups_for(staff) -> list[CatchUp]:
    return [each for each in _catch_ups.values() if staff.can(each.permission)]


def paper_sheets_for(staff) -> list[PaperSheet]:
    """The sheets a person may print, in the order of the pack."""
    sheets = sorted(_sheets.values(), key=lambda sheet: (sheet.order, sheet.code))
    return [sheet for sheet in sheets if staff.can(sheet.permission)]


class RowsRefused(Refusal):
    """What is wrong with rows keyed in together: place of the row → refusal. Nothing of them was kept."""

    code = "rows_refused"

    def __init__(self, refusals: dict[int, Refusal]):
        self.refusals = refusals
        told = [f"{place + 1}: {refusal}" for place, refusal in refusals.items()]
        super().__init__(_("Nothing was kept; mend these rows first."), details=told)


def all_or_nothing(rows: Sequence, deed: Callable) -> list:
    """Do `deed` for every row, or for none: every refusal is gathered before anything is given up."""
    done, refusals = [], {}
    with transaction.atomic():
        for place, row in enumerate(rows):
            try:
                with transaction.atomic():
                    done.append(deed(row))
            except Refusal as refusal:
                refusals[place] = refusal
        if refusals:
            raise RowsRefused(refusals)
    return done


def printed_pack(*, staff, codes: Iterable[str], copies: int, with_phones: bool, at: datetime) -> list[PrintedSheet]:
    """The chosen sheets with what stands on them. With `with_phones` the deed of revealing is done."""
    wanted, pack = set(codes), []
    for sheet in paper_sheets_for(staff):
        if sheet.code not in wanted:
            continue
        context = sheet.build(staff=staff, at=at) if sheet.build else {}
        if sheet.is_blank:
            pack.append(PrintedSheet(sheet, [context] * max(1, min(copies, MOST_COPIES))))
            continue
        if with_phones and sheet.may_reveal(staff):
            sheet.reveals(staff=staff, context=context, at=at)
        pack.append(PrintedSheet(sheet, [context]))
    return pack
