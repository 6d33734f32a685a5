"""Making reports and keeping them. A kept report is owed first, then made by whoever comes: worker, sweep or page."""

import io
import logging
from collections.abc import Callable
from datetime import datetime

from django.db import OperationalError, transaction
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.journal import actions as journal
from dealer_crm.notices import actions as notices
from dealer_crm.reporting import queries
from dealer_crm.reporting.choices import ReportState
from dealer_crm.reporting.exports import asked_in_words, export_named
from dealer_crm.reporting.models import Export, KeptReport
from dealer_crm.reporting.paper import PrintedSheet, printed_pack
from dealer_crm.reporting.registry import report_named
from dealer_crm.reporting.workbooks import to_xlsx
from dealer_crm.values import Refusal, Span

log = logging.getLogger(__name__)

# A report that fails for a reason of ours is tried this often, then left to people.
MOST_TRIES = 3


@transaction.atomic
def owe_report(*, code: str, store, period: Span, edition: str, by, at: datetime) -> KeptReport:
    """Say that a report is to be made; the same one is owed once, however often this is called."""
    kept, was_new = KeptReport.objects.get_or_create(
        code=code, store=store, period=str(period), edition=edition, defaults={"owed_at": at, "made_by": by}
    )
    if was_new and by:
        journal.record(by=by, at=at, verb="report.ordered", subject=kept)
    return kept


@transaction.atomic
def owe_again(*, kept: KeptReport, by, at: datetime) -> KeptReport:
    """Try once more what could not be made."""
    kept = KeptReport.objects.select_for_update().get(pk=kept.pk)
    if kept.state == ReportState.MADE:
        raise Refusal(_("This report is made; it is not changed any more."))
    kept.state, kept.tries, kept.failure, kept.owed_at, kept.claimed_at = ReportState.OWED, 0, "", at, None
    kept.save(update_fields=["state", "tries", "failure", "owed_at", "claimed_at"])
    return kept


def owe_due_editions(*, at: datetime) -> int:
    """Owe everything whose moment has come, also what came due while the machine was off. Returns how many are new."""
    rows = [
        KeptReport(code=report.code, store=store, period=str(period), edition=edition, owed_at=due_at)
        for report, store, period, edition, due_at in queries.due_editions(at)
    ]
    before = KeptReport.objects.count()
    KeptReport.objects.bulk_create(rows, ignore_conflicts=True)
    return KeptReport.objects.count() - before


def make_owed(
    *,
    owed: QuerySet,
    pk: int,
    at: datetime,
    work: Callable[[Model], None],
) -> bool:
    """Make one of the things that are owed, unless somebody else is at it. Returns whether it was made now.

    `owed`: those nobody is at (`queries.claimable`), of a model with `state`, `claimed_at`, `tries` and `failure`.
    `work` does it and keeps it as made, in one transaction. What is refused, or fails for a reason of ours too often,
    is left to people with the sentence why.
    """
    with transaction.atomic():
        thing = owed.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
        if thing is None:
            return False
        thing.claimed_at, thing.tries = at, thing.tries + 1
        thing.save(update_fields=["claimed_at", "tries"])
    try:
        with transaction.atomic():
            work(thing)
    except OperationalError:
        raise  # the database went away: the claim lapses and whoever comes next tries again
    except Exception as error:
        is_refused = isinstance(error, Refusal)
        if not is_refused:
            log.exception("%s %s failed", thing._meta.model_name, thing.pk)
        is_last = is_refused or thing.tries >= MOST_TRIES
        type(thing).objects.filter(pk=thing.pk, state=ReportState.OWED).update(
            state=ReportState.FAILED if is_last else ReportState.OWED,
            failure=(str(error) if is_refused else _("The program failed on it."))[:300],
            claimed_at=None,
        )
        return False
    return True


def make_report(*, kept_id: int, at: datetime, progress: Callable[[int, str], None] | None = None) -> bool:
    """Make one owed report, unless somebody else is at it. Returns whether it was made now."""
    return make_owed(owed=queries.claimable_reports(at), pk=kept_id, at=at, work=lambda kept: _make(kept, at, progress))


def _make(kept: KeptReport, at: datetime, progress) -> None:
    registered = report_named(kept.code)
    if registered is None:
        raise Refusal(_("There is no report “%(code)s”.") % {"code": kept.code})
    period = registered.kind.parse(kept.period)
    report = registered.made(store=kept.store, period=period, by=kept.made_by, at=at)
    stream = io.BytesIO()
    to_xlsx(report, stream, progress=(lambda rows: progress(50, str(rows))) if progress else None)
    kept.content = stream.getvalue()
    kept.file_name = f"{registered.file_stem(kept.store, period)}.xlsx"
    kept.state, kept.inputs_at, kept.made_at, kept.claimed_at, kept.failure = ReportState.MADE, at, at, None, ""
    kept.save()
    journal.record(by=kept.made_by, at=at, verb="report.made", subject=kept)
    notices.notify(
        recipients=queries.readers_of(registered, kept.store),
        key=f"report:{kept.pk}",
        text=_("%(title)s %(period)s is ready.") % {"title": registered.title, "period": kept.period},
        url=reverse("reporting:kept", args=[kept.pk]),
        at=at,
    )


@transaction.atomic
def record_export(*, subject, title: str, form: str, by, at: datetime) -> None:
    """Every file that leaves the house is in the journal."""
    journal.record(by=by, at=at, verb="report.exported", subject=subject, note=f"{title} {form}")


# ── lists taken out ──────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def order_export(*, code: str, asked: str, with_phones: bool, by, at: datetime) -> Export:
    """Somebody wants a list as a workbook; in the journal from now on, with the filter."""
    registered = export_named(code)
    if registered is None or not by.can(registered.permission):
        raise Refusal(_("You may not take this list out."), code="export_not_allowed")
    if with_phones and not (registered.has_phones and by.can(Permission.PHONE_EXPORT)):
        raise Refusal(_("Full phone numbers need a permission of their own."), code="phones_not_allowed")
    export = Export.objects.create(code=code, asked=asked[:2000], with_phones=with_phones, made_by=by, ordered_at=at)
    verb = "export.ordered_with_phones" if with_phones else "export.ordered"
    journal.record(by=by, at=at, verb=verb, subject=export, store=by.store, note=asked_in_words(asked))
    return export


def make_export(*, export_id: int, at: datetime, progress: Callable[[int, str], None] | None = None) -> bool:
    """Make one ordered export, unless somebody else is at it. Returns whether it was made now."""
    return make_owed(
        owed=queries.claimable_exports(at), pk=export_id, at=at, work=lambda export: _write_export(export, at, progress)
    )


def _write_export(export: Export, at: datetime, progress) -> None:
    registered, by = export_named(export.code), export.made_by
    allowed = registered and by.is_active and by.can(registered.permission)
    if not allowed or (export.with_phones and not by.can(Permission.PHONE_EXPORT)):
        raise Refusal(_("You may not take this list out."))
    report = registered.report(by=by, asked=export.asked, with_phones=export.with_phones, at=at)
    written = 0

    def told(rows: int) -> None:
        nonlocal written
        written = rows
        if progress:
            progress(0, str(rows))

    stream = io.BytesIO()
    to_xlsx(report, stream, progress=told)
    export.content, export.row_count = stream.getvalue(), written
    export.file_name = f"{report.file_stem}{'-phones' if export.with_phones else ''}.xlsx"
    export.state, export.made_at, export.claimed_at, export.failure = ReportState.MADE, at, None, ""
    export.save()


@transaction.atomic
def record_fetched(*, export: Export, by, at: datetime) -> None:
    journal.record(by=by, at=at, verb="export.fetched", subject=export, store=by.store, note=f"{export.row_count} rows")


def forget_old_exports(*, at: datetime) -> int:
    """Sweep: files of lists are kept for a day."""
    return Export.objects.filter(ordered_at__lt=at - queries.EXPORT_KEPT).delete()[0]


# ── paper ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def print_pack(*, codes, copies: int, with_phones: bool, by, at: datetime) -> list[PrintedSheet]:
    """The paper pack as somebody prints it: in the journal, and every whole number on it besides."""
    pack = printed_pack(staff=by, codes=codes, copies=copies, with_phones=with_phones, at=at)
    if not pack:
        raise Refusal(_("Choose at least one sheet."), field="sheets")
    titles = "、".join(str(printed.sheet.title) for printed in pack)
    journal.record(by=by, at=at, verb="paper.printed", subject=by, store=by.store, note=titles)
    return pack
