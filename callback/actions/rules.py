"""The rules a store begins with, and changing them."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from callback.choices import RuleCode, ScriptStage
from callback.formulas import unknown_names
from callback.models import CallTask, Rule, ScriptText
from callback.shipped import NAMES, SHIPPED
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Store
from dealer_crm.values import Refusal
from reception.choices import Channel
from satisfaction.models import Questionnaire

# What a change of a rule may touch.
FIELDS = (
    "is_on", "opens_after_days", "closes_after_days", "lead_days", "priority", "respects_gap", "questionnaire",
    "asks_on_time", "channel", "within_hours",
)  # fmt: skip

PROMISED = (RuleCode.COMPLAINT_NEXT_DAY, RuleCode.BAD_ANSWER)
"""Somebody waits to be asked."""


@transaction.atomic
def ship_rules(*, store: Store, by=None, at) -> int:
    """Give a store the shipped rules it lacks; one it has, changed or not, stays as it is. Returns how many are new."""
    known = set(Rule.objects.filter(store=store).values_list("code", flat=True))
    missing = [shipped for shipped in SHIPPED if shipped.code not in known]
    if not missing:
        return 0
    kinds = {shipped.questionnaire for shipped in missing if shipped.questionnaire}
    questionnaires = {each.kind: each for each in Questionnaire.objects.filter(kind__in=kinds).order_by("-pk")}
    Rule.objects.bulk_create(
        (
            Rule(
                store=store,
                code=shipped.code,
                opens_after_days=shipped.opens_after_days,
                closes_after_days=shipped.closes_after_days,
                within_hours=shipped.within_hours,
                lead_days=list(shipped.lead_days),
                priority=shipped.priority,
                respects_gap=shipped.respects_gap,
                asks_on_time=shipped.asks_on_time,
                questionnaire=questionnaires.get(shipped.questionnaire),
            )
            for shipped in missing
        ),
        ignore_conflicts=True,
    )
    rules = {rule.code: rule for rule in Rule.objects.filter(store=store)}
    ScriptText.objects.bulk_create(
        (
            ScriptText(rule=rules[shipped.code], stage=stage, text=text)
            for shipped in missing
            for stage, text in shipped.script.items()
        ),
        ignore_conflicts=True,
    )
    journal.record(by=by, at=at, verb="call_rules.shipped", subject=store, store=store, note=str(len(missing)))
    return len(missing)


@transaction.atomic
def change_rule(*, rule: Rule, by, at, script: Mapping[str, str] | None = None, **fields) -> Rule:
    """Change some of `FIELDS` and the script, stage → text (an empty text takes the stage away).

    Windows hold for calls made from now on; priority and channel also for those already in the queue. A rule that is
    switched off makes no new calls, those owed already stay owed.
    """
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"not a field of a rule: {', '.join(sorted(unknown))}")
    rule = Rule.objects.select_for_update(of=["self"]).select_related("store").get(pk=rule.pk)
    before = {name: getattr(rule, name) for name in fields}
    for name, value in fields.items():
        setattr(rule, name, value)
    if rule.opens_after_days > rule.closes_after_days:
        raise Refusal(_("The window must open before it closes."), field="closes_after_days")
    if not rule.lead_days and any(before.get("lead_days") or ()):
        raise Refusal(_("A reminder needs at least one number of days ahead."), field="lead_days")
    if rule.channel == Channel.SMS and (rule.questionnaire_id or rule.asks_on_time or rule.code in PROMISED):
        raise Refusal(_("This rule asks the customer something; that takes a call."), field="channel", code="asks")
    changes = journal.changed_fields(before, rule)
    rule.save()
    if "channel" in changes:
        CallTask.objects.unfinished().filter(rule=rule, attempts=0, claimed_by=None).update(channel=rule.channel)
    if "priority" in changes:
        CallTask.objects.unfinished().filter(rule=rule).update(priority=rule.priority)
    changes |= _write_script(rule, script or {})
    if changes:
        changes = {name: [str(old), str(new)] for name, (old, new) in changes.items()}
        journal.record(by=by, at=at, verb="call_rule.changed", subject=rule, changes=changes)
    return rule


def _write_script(rule: Rule, script: Mapping[str, str]) -> dict[str, list[str]]:
    known = {text.stage: text for text in rule.script.all()}
    changes = {}
    for stage, wording in script.items():
        wording = wording.strip()
        before = known[stage].text if stage in known else ""
        if wording == before:
            continue
        if strange := unknown_names(wording, NAMES):
            raise Refusal(
                _("Nobody knows what stands for %(names)s. Possible: %(known)s.")
                % {
                    "names": "、".join(f"{{{name}}}" for name in strange),
                    "known": "、".join(f"{{{name}}}" for name in NAMES),
                },
                field=f"script_{stage}",
            )
        if wording:
            ScriptText.objects.update_or_create(rule=rule, stage=ScriptStage(stage), defaults={"text": wording})
        else:
            known[stage].delete()
        changes[stage] = [before, wording]
    return changes
