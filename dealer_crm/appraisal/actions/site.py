"""Site checks: lists, plans of rounds, walking a round, following findings up. Source: spec `commission.md`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.appraisal.choices import CheckKind, FindingState, Rhythm, RoundState, Verdict
from dealer_crm.appraisal.formulas.site import Seen, is_repeat, planned_days, points_given, round_sum
from dealer_crm.appraisal.models import SiteFinding, SiteItem, SiteList, SitePhoto, SitePlan, SiteResult, SiteRound
from dealer_crm.appraisal.settings import FINDING_DAYS, REPEAT_DAYS
from dealer_crm.files.actions import keep_file
from dealer_crm.files.choices import FileKind
from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.notices.actions import notify
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figure
from dealer_crm.values import Refusal
from dealer_crm.workdays.queries import work_calendar

AHEAD = timedelta(days=7)
"""Rounds are listed so far ahead, so that everybody sees the week to come."""
MOST_PHOTOS = 6
"""Of one item: more shows nothing more."""


# ── Lists and plans ──────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class ItemDraft:
    """An item as the form gives it; `pk` of one that stands already."""

    text: str
    points: int
    needs_photo: bool = False
    pk: int | None = None


@transaction.atomic
def keep_site_list(
    *, store: Store, name: str, area: str, kind: CheckKind, items: Sequence[ItemDraft], by: Staff | None, at: datetime,
    answers: Staff | None = None, is_on: bool = True, site_list: SiteList | None = None,
    expected_version: int | None = None,
) -> SiteList:  # fmt: skip
    """A new list, or one changed. An item that goes is withdrawn when it was ever checked: what was seen stays."""
    if not name.strip():
        raise Refusal(_("Give the check-list a name."), field="name", code="name_missing")
    if not items:
        raise Refusal(_("A check-list needs at least one item."), code="no_items")
    _refuse_stranger(store, answers, "answers")
    if site_list is None:
        site_list = SiteList(store=store, version=0)
    else:
        site_list = SiteList.objects.select_for_update(of=["self"]).select_related("store").get(pk=site_list.pk)
        refuse_stale(site_list, expected_version)
    site_list.name, site_list.area, site_list.kind = name.strip()[:60], area, kind
    site_list.answers, site_list.is_on, site_list.version = answers, is_on, site_list.version + 1
    try:
        with transaction.atomic():
            site_list.save()
    except IntegrityError as error:
        raise Refusal(_("There is a check-list of this name."), field="name", code="name_taken") from error
    _keep_items(site_list, items, at)
    if not is_on:
        SiteRound.objects.open().filter(list=site_list, results=None).update(
            state=RoundState.CALLED_OFF, remark=_("The check-list is not in use any more.")[:300]
        )
    journal.record(by=by, at=at, verb="site_list.kept", subject=site_list, store=store, note=site_list.name)
    return site_list


def _keep_items(site_list: SiteList, items: Sequence[ItemDraft], at: datetime) -> None:
    standing = {item.pk: item for item in site_list.items.filter(withdrawn_at=None)}
    for place, draft in enumerate(items, 1):
        item = standing.pop(draft.pk, None)
        if (
            item is not None
            and (item.text, item.points) != (draft.text.strip(), draft.points)
            and item.results.exists()
        ):
            standing[item.pk], item = item, None  # said otherwise it is another item; what was seen belongs to the old
        item = item or SiteItem(list=site_list)
        item.place, item.text, item.points, item.needs_photo = (
            place,
            draft.text.strip(),
            draft.points,
            draft.needs_photo,
        )
        item.save()
    gone = SiteItem.objects.filter(pk__in=list(standing))
    gone.filter(results__isnull=False).update(withdrawn_at=at)
    gone.filter(results__isnull=True).delete()


@transaction.atomic
def plan_rounds(
    *, site_list: SiteList, checker: Staff, rhythm: Rhythm, starts_on: date, by: Staff | None, at: datetime,
    weekday: int | None = None, monthday: int | None = None,
) -> SitePlan:  # fmt: skip
    """Let somebody walk a list every working day, week or month; the rounds of the next days are listed at once."""
    store = site_list.store
    _refuse_stranger(store, checker, "checker")
    if not checker.can(Permission.SITE_CHECK):
        raise Refusal(_("%(person)s may not walk rounds.") % {"person": checker}, field="checker", code="may_not")
    if checker.pk == site_list.answers_id:
        raise Refusal(_("Nobody checks the area they answer for."), field="checker", code="own_area")
    if not site_list.is_on:
        raise Refusal(_("The check-list is not in use any more."), code="list_off")
    if starts_on < at.astimezone(store.tz).date():
        raise Refusal(_("The plan begins today or later."), field="starts_on", code="behind")
    weekday, monthday = weekday if rhythm == Rhythm.WEEKLY else None, monthday if rhythm == Rhythm.MONTHLY else None
    if rhythm == Rhythm.WEEKLY and weekday is None:
        raise Refusal(_("Say on which weekday."), field="weekday", code="no_weekday")
    if rhythm == Rhythm.MONTHLY and monthday is None:
        raise Refusal(_("Say on which day of the month."), field="monthday", code="no_monthday")
    plan = SitePlan(
        list=site_list, checker=checker, rhythm=rhythm, weekday=weekday, monthday=monthday, starts_on=starts_on,
        made_by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError as error:
        raise Refusal(_("These rounds are planned already."), code="planned_already") from error
    journal.record(by=by, at=at, verb="site_plan.made", subject=plan, store=store, note=f"{site_list} {plan.when}")
    make_rounds(store=store, at=at, plan=plan)
    return plan


@transaction.atomic
def end_plan(*, plan: SitePlan, by: Staff, at: datetime) -> SitePlan:
    """No more rounds of this plan; those nobody has begun go."""
    plan = SitePlan.objects.select_for_update(of=["self"]).select_related("list__store").get(pk=plan.pk)
    if plan.ended_on:
        raise Refusal(_("This plan has ended already."), code="ended")
    plan.ended_on = at.astimezone(plan.list.store.tz).date()
    plan.save(update_fields=["ended_on"])
    SiteRound.objects.filter(plan=plan, state=RoundState.PLANNED, planned_on__gte=plan.ended_on).delete()
    journal.record(by=by, at=at, verb="site_plan.ended", subject=plan, store=plan.list.store, note=str(plan.list))
    return plan


def make_rounds(*, store: Store, at: datetime, plan: SitePlan | None = None) -> int:
    """List the rounds planned for today and the days ahead; safe to repeat (one a plan and day). Returns how many are
    new. After an outage the days since the last round are made up for, at most as far back as it looks ahead."""
    today = at.astimezone(store.tz).date()
    first, last = today - AHEAD, today + AHEAD
    calendar = work_calendar(store, first - AHEAD * 3, last)
    plans = SitePlan.objects.filter(list__store=store, list__is_on=True, ended_on=None).select_related("list")
    rounds = []
    for one in plans.filter(pk=plan.pk) if plan else plans:
        days = planned_days(
            one.rhythm, max(first, one.starts_on), last, calendar, weekday=one.weekday, monthday=one.monthday
        )
        rounds += [
            SiteRound(store=store, list=one.list, plan=one, planned_on=day, checker_id=one.checker_id) for day in days
        ]
    known = set(
        SiteRound.objects.filter(plan__in={one.plan_id for one in rounds}, planned_on__gte=first).values_list(
            "plan", "planned_on"
        )
    )
    new = [one for one in rounds if (one.plan_id, one.planned_on) not in known]
    SiteRound.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


# ── A round ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def begin_round(*, site_list: SiteList, by: Staff, at: datetime) -> SiteRound:
    """Walk a list out of turn, today; the planned or begun round of the same person and day when there is one."""
    store, today = site_list.store, at.astimezone(site_list.store.tz).date()
    if not site_list.is_on:
        raise Refusal(_("The check-list is not in use any more."), code="list_off")
    if by.pk == site_list.answers_id:
        raise Refusal(_("Nobody checks the area they answer for."), code="own_area")
    known = SiteRound.objects.open().filter(list=site_list, checker=by, planned_on=today).order_by("pk").first()
    if known:
        return known
    return SiteRound.objects.create(store=store, list=site_list, planned_on=today, checker=by)


@transaction.atomic
def note_result(
    *, walk: SiteRound, item: SiteItem, verdict: Verdict, by: Staff, at: datetime, given: Decimal | None = None,
    what: str = "", owner: Staff | None = None, due_on: date | None = None, photos: Sequence = (),
) -> SiteResult:  # fmt: skip
    """What is seen of one item; noted again, the later word holds until the round is finished.

    Wrong: fewer than the full points (`given`, 0 when left out), what is wrong, and who remedies it by when; left out,
    that is who answers for the area, within the usual days. Refused: an item that is not of the list, points outside.
    """
    walk = _locked_round(walk)
    today = at.astimezone(walk.store.tz).date()
    if item.list_id != walk.list_id or (item.withdrawn_at and not walk.results.filter(item=item).exists()):
        raise Refusal(_("This item is not on the list."), code="not_on_list")
    if verdict not in Verdict.values:
        raise Refusal(_("Say whether the item is in order."), field="verdict", code="no_verdict")
    given = points_given(verdict, item.points, given)
    if verdict == Verdict.WRONG:
        owner = owner or walk.list.answers
        due_on = due_on or today + timedelta(days=figure(FINDING_DAYS, store=walk.store, on=today))
        _refuse_wrong(walk, item, given, what, owner, due_on, today)
    else:
        what, owner, due_on = "", None, None
    result = walk.results.filter(item=item).first() or SiteResult(round=walk, item=item)
    result.text, result.full, result.verdict, result.given = item.text, item.points, verdict, given
    result.what, result.owner, result.due_on = what.strip()[:300], owner, due_on
    result.noted_by, result.noted_at = by, at
    result.save()
    _keep_photos(result, photos, by, at)
    if walk.state == RoundState.PLANNED:
        walk.state, walk.version = RoundState.WALKING, walk.version + 1
        walk.save(update_fields=["state", "version"])
        journal.record(by=by, at=at, verb="site_round.begun", subject=walk, store=walk.store, note=str(walk.list))
    return result


def _refuse_wrong(walk: SiteRound, item: SiteItem, given, what: str, owner, due_on: date, today: date) -> None:
    if not 0 <= given < item.points:
        raise Refusal(
            _("Something wrong earns from 0 to less than %(full)d points.") % {"full": item.points}, field="given",
            code="points_outside",
        )  # fmt: skip
    if not what.strip():
        raise Refusal(_("Write down what is wrong."), field="what", code="what_missing")
    if owner is None:
        raise Refusal(_("Say who remedies it."), field="owner", code="owner_missing")
    _refuse_stranger(walk.store, owner, "owner")
    if due_on < today:
        raise Refusal(_("The day to remedy it by lies behind."), field="due_on", code="due_behind")


@transaction.atomic
def finish_round(
    *, walk: SiteRound, by: Staff, at: datetime, remark: str = "", expected_version: int | None = None
) -> SiteRound:
    """The whole list is seen: points are added up, what is wrong becomes a finding, those who remedy are told.

    Refused: items not looked at, a photo missing where the list demands one, a list of which nothing applied.
    """
    walk = _locked_round(walk, expected_version)
    results = list(walk.results.select_related("item", "owner").prefetch_related("photos"))
    seen = {result.item_id for result in results}
    missing = [item.text for item in walk.list.items.filter(withdrawn_at=None) if item.pk not in seen]
    if missing:
        raise Refusal(_("Not looked at yet: %(items)s.") % {"items": "、".join(missing)}, code="items_missing")
    bare = [result.text for result in results if _lacks_photo(result)]
    if bare:
        raise Refusal(_("A photo is missing: %(items)s.") % {"items": "、".join(bare)}, code="photo_missing")
    total = round_sum(Seen(one.verdict, one.full, one.given) for one in results)
    if not total.full:
        raise Refusal(_("Nothing on the list applied; call the round off instead."), code="nothing_applied")
    walk.state, walk.walked_at, walk.checker, walk.answers = RoundState.WALKED, at, by, walk.list.answers
    walk.full, walk.given, walk.remark, walk.version = (
        total.full,
        total.given,
        remark.strip()[:300],
        walk.version + 1,
    )
    walk.save()
    found = [_find(walk, result, by, at) for result in results if result.verdict == Verdict.WRONG]
    note = f"{walk.list} {total.given}/{total.full}"
    journal.record(by=by, at=at, verb="site_round.finished", subject=walk, store=walk.store, note=note)
    _tell_owners(walk, found, at)
    return walk


def _lacks_photo(result: SiteResult) -> bool:
    return result.item.needs_photo and result.verdict != Verdict.NONE and not result.photos.all()


def _find(walk: SiteRound, result: SiteResult, by: Staff, at: datetime) -> SiteFinding:
    """A finding, marked as a repeat when the same item was wrong within the span."""
    day = at.astimezone(walk.store.tz).date()
    before = SiteFinding.objects.filter(item=result.item).order_by("-found_at", "-pk").first()
    days = figure(REPEAT_DAYS, store=walk.store, on=day)
    if before and not is_repeat(day, before.found_at.astimezone(walk.store.tz).date(), days):
        before = None
    found = SiteFinding.objects.create(
        store=walk.store, result=result, item=result.item, what=result.what, owner=result.owner, due_on=result.due_on,
        repeats=before, times=before.times + 1 if before else 1, found_by=by, found_at=at,
    )  # fmt: skip
    journal.record(by=by, at=at, verb="site_finding.found", subject=found, store=walk.store, note=found.what[:200])
    return found


def _tell_owners(walk: SiteRound, found: list[SiteFinding], at: datetime) -> None:
    for one in found:
        words = _("%(list)s: %(what)s. Remedy it by %(day)s.")
        if one.is_repeat:
            words = _("%(list)s: %(what)s, the %(times)dth time in a row. Remedy it by %(day)s.")
        told = {"list": walk.list, "what": one.what, "day": f"{one.due_on:%m-%d}", "times": one.times}
        _tell([one.owner], f"site_finding:{one.pk}", words % told, one, at)


@transaction.atomic
def call_off_round(*, walk: SiteRound, reason: str, by: Staff, at: datetime) -> SiteRound:
    """A planned or begun round is not walked, and why."""
    walk = _locked_round(walk)
    if not reason.strip():
        raise Refusal(_("Say why the round is not walked."), field="reason", code="reason_missing")
    walk.state, walk.remark, walk.version = RoundState.CALLED_OFF, reason.strip()[:300], walk.version + 1
    walk.save(update_fields=["state", "remark", "version"])
    journal.record(by=by, at=at, verb="site_round.called_off", subject=walk, store=walk.store, note=walk.remark)
    return walk


# ── Findings ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def remedy_finding(
    *, finding: SiteFinding, remedy: str, by: Staff, at: datetime, photos: Sequence = (),
    expected_version: int | None = None,
) -> SiteFinding:  # fmt: skip
    """What was done about it; who found it is told to look. Refused: somebody else's, or one that is not open."""
    finding = _locked_finding(finding, expected_version, FindingState.OPEN)
    if by.pk != finding.owner_id and not by.can(Permission.SITE_CHECK):
        raise Refusal(_("%(person)s remedies this, not you.") % {"person": finding.owner}, code="not_owner")
    if not remedy.strip():
        raise Refusal(_("Write down what was done."), field="remedy", code="remedy_missing")
    finding.state, finding.remedy, finding.remedied_at = FindingState.REMEDIED, remedy.strip()[:300], at
    finding.sent_back = ""
    _keep(finding, "remedied", by, at, finding.remedy)
    _keep_photos(finding.result, photos, by, at, is_after=True)
    words = _("Remedied, look at it: %(what)s.") % {"what": finding.what}
    _tell([finding.found_by], f"site_finding:{finding.pk}:remedied:{finding.version}", words, finding, at)
    return finding


@transaction.atomic
def send_finding_back(
    *, finding: SiteFinding, reason: str, due_on: date, by: Staff, at: datetime, expected_version: int | None = None
) -> SiteFinding:
    """Looked at: it is not in order yet. A new day to remedy it by."""
    finding = _locked_finding(finding, expected_version, FindingState.REMEDIED)
    if not reason.strip():
        raise Refusal(_("Say what is still wrong."), field="reason", code="reason_missing")
    if due_on < at.astimezone(finding.store.tz).date():
        raise Refusal(_("The day to remedy it by lies behind."), field="due_on", code="due_behind")
    finding.state, finding.remedied_at, finding.remedy = FindingState.OPEN, None, ""
    finding.sent_back, finding.due_on = reason.strip()[:200], due_on
    _keep(finding, "sent_back", by, at, finding.sent_back)
    words = _("Not in order yet: %(what)s. %(reason)s") % {"what": finding.what, "reason": finding.sent_back}
    _tell([finding.owner], f"site_finding:{finding.pk}:back:{finding.version}", words, finding, at)
    return finding


@transaction.atomic
def close_finding(*, finding: SiteFinding, by: Staff, at: datetime, expected_version: int | None = None) -> SiteFinding:
    """Looked at by somebody else: it is in order."""
    finding = _locked_finding(finding, expected_version, FindingState.REMEDIED)
    if by.pk == finding.owner_id:
        raise Refusal(_("Somebody else looks whether it is in order."), code="own_remedy")
    finding.state, finding.closed_by, finding.closed_at = FindingState.CLOSED, by, at
    _keep(finding, "closed", by, at, finding.what)
    return finding


@transaction.atomic
def hand_on_finding(
    *, finding: SiteFinding, owner: Staff, due_on: date, by: Staff, at: datetime, expected_version: int | None = None
) -> SiteFinding:
    """Somebody else remedies it, or by another day."""
    finding = _locked_finding(finding, expected_version, FindingState.OPEN)
    _refuse_stranger(finding.store, owner, "owner")
    if due_on < at.astimezone(finding.store.tz).date():
        raise Refusal(_("The day to remedy it by lies behind."), field="due_on", code="due_behind")
    finding.owner, finding.due_on = owner, due_on
    _keep(finding, "handed_on", by, at, f"{owner} {due_on:%m-%d}")
    words = _("%(list)s: %(what)s. Remedy it by %(day)s.")
    told = {"list": finding.result.round.list, "what": finding.what, "day": f"{due_on:%m-%d}"}
    _tell([owner], f"site_finding:{finding.pk}:on:{finding.version}", words % told, finding, at)
    return finding


@transaction.atomic
def watch_site(*, store: Store, at: datetime) -> int:
    """Make the rounds of the days ahead; tell of findings that are late, each day once to who remedies and who found
    it. Returns how many were told."""
    make_rounds(store=store, at=at)
    today, told = at.astimezone(store.tz).date(), 0
    late = SiteFinding.objects.of_store(store).late(today).select_related("owner", "found_by")
    for one in late.order_by("pk"):
        words = _("Late since %(day)s: %(what)s.") % {"day": f"{one.due_on:%m-%d}", "what": one.what}
        told += _tell([one.owner, one.found_by], f"site_finding:{one.pk}:late:{today:%F}", words, one, at)
    return told


# ── Parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _keep_photos(result: SiteResult, photos: Sequence, by: Staff, at: datetime, *, is_after: bool = False) -> None:
    if not photos:
        return
    if result.photos.filter(is_after=is_after).count() + len(photos) > MOST_PHOTOS:
        raise Refusal(
            _("An item keeps at most %(most)s photos.") % {"most": MOST_PHOTOS}, field="photos", code="photos_too_many"
        )
    for upload in photos:
        file = keep_file(upload=upload, store=result.round.store, by=by, at=at, kinds=[FileKind.IMAGE], field="photos")
        SitePhoto.objects.create(result=result, is_after=is_after, file=file, taken_by=by)


def _locked_round(walk: SiteRound, expected_version: int | None = None) -> SiteRound:
    walk = SiteRound.objects.select_for_update(of=["self"]).select_related("store", "list__answers").get(pk=walk.pk)
    refuse_stale(walk, expected_version)
    if not walk.is_open:
        raise Refusal(
            _("This round is “%(state)s”; nothing is noted on it any more.") % {"state": walk.get_state_display()},
            code="round_over",
        )
    return walk


def _locked_finding(finding: SiteFinding, expected_version: int | None, state: FindingState) -> SiteFinding:
    finding = (
        SiteFinding.objects.select_for_update(of=["self"])
        .select_related("store", "owner", "found_by", "result__round__list", "result__round__store")
        .get(pk=finding.pk)
    )
    refuse_stale(finding, expected_version)
    if finding.state != state:
        raise Refusal(_("This finding is “%(state)s”.") % {"state": finding.get_state_display()}, code="finding_state")
    return finding


def _keep(finding: SiteFinding, deed: str, by: Staff, at: datetime, note: str) -> None:
    finding.version += 1
    finding.save()
    journal.record(
        by=by, at=at, verb=f"site_finding.{deed}", subject=finding, store=finding.store, note=note[:200]
    )  # fmt: skip


def _tell(people: list[Staff], key: str, text: str, finding: SiteFinding, at: datetime) -> int:
    return notify(recipients=people, key=key, text=text, url=reverse("appraisal:finding", args=[finding.pk]), at=at)


def _refuse_stranger(store: Store, person: Staff | None, field: str) -> None:
    if person is not None and (person.store_id != store.pk or not person.is_active):
        raise Refusal(_("%(person)s does not work here.") % {"person": person}, field=field, code="stranger")
