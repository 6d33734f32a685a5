"""Every sentence the pay formulas can say, in one place, as message ids; the application translates and fills them.

Formulas know no Django, so `N_` only marks a text for the collector. A page shows `_(template) % params`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from commission.formulas.explanation import Explanation, NamedValue, SourceRow, group_totals, worked_formula
from dealer_crm.values import fen


def N_(message: str) -> str:  # noqa: N802 — the usual mark for a text that is translated later
    return message


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell: `code` chooses the sentence, `subject` is what to link to (an order, a person, a block).

    `place`: of a mistake in a plan, the parameter of the block it is about; the editor says it beside that field.
    """

    code: str
    subject: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    place: str = ""

    def sentence(self) -> tuple[str, dict[str, str]]:
        """The message id and what to fill in."""
        filled = {
            name: plain(value) if isinstance(value, Decimal) else str(value) for name, value in self.params.items()
        }
        return NOTICES[self.code], {"subject": self.subject, **filled}


NOTICES: Mapping[str, str] = {
    # Stops: the figures would be wrong.
    "stop.target_missing": N_("The target of the month for %(measure)s is missing."),
    "stop.target_zero": N_("The target of the month for %(measure)s is zero."),
    "stop.target_unsigned": N_("The target of the month for %(measure)s has not been signed."),
    "stop.seller_target_missing": N_("%(subject)s has no accessory sales target this month."),
    "stop.seller_target_zero": N_("The accessory sales target of %(subject)s is zero."),
    "stop.seller_target_unsigned": N_("The accessory sales target of %(subject)s has not been signed."),
    "stop.order_without_advisor": N_("Order %(subject)s has no service advisor."),
    "stop.score_missing": N_("%(subject)s shares in the pool and has no appraisal score this month."),
    "stop.score_needed": N_("%(subject)s is paid by score (%(rule)s) and has no appraisal score this month."),
    "stop.seller_unknown": N_("Order %(order)s names a seller who is not on record: %(subject)s."),
    "stop.line_shares": N_("The technicians' shares of line %(line)s of order %(subject)s add up to %(sum)s, not 1."),
    # Warnings: the month can be paid, but somebody should look.
    "warn.accident_waiting": N_("Accident order %(subject)s is not yet assessed and released."),
    "warn.order_unsettled": N_("Order %(subject)s is finished but not settled."),
    "warn.complaint_undecided": N_("Nobody has decided yet whether complaint %(subject)s is verified."),
    "warn.comeback_undecided": N_("Nobody has decided who answers for comeback %(subject)s; its hours count for now."),
    "warn.pool_unshared": N_("Nobody is entitled to a share of %(subject)s; %(amount)s is paid to nobody."),
    "warn.no_coefficient": N_("%(subject)s has no commission coefficient and gets no share."),
    "warn.labour_uncredited": N_("The labour of line %(line)s of order %(subject)s is credited to no team."),
    "warn.accessory_unplaced": N_(
        "%(amount)s of receipt %(receipt)s on order %(subject)s is accessory money without an accessory line."
    ),
    "warn.installer_unknown": N_(
        "Line %(line)s of order %(subject)s was installed, but no installation team is named."
    ),
    "warn.hours_not_deducted": N_("Hour deduction %(subject)s concerns nobody in a team paid by hours."),
    "warn.coefficient_waiting": N_(
        "The temporary coefficient %(coefficient)s of %(subject)s on %(days)s is not approved and not paid by."
    ),
    "warn.adjustment_waiting": N_(
        "The adjustment of %(amount)s for %(subject)s (%(reason)s) is not approved and not paid."
    ),
    "warn.month_not_recomputed": N_("%(subject)s can't be worked out again, so its corrections wait: %(reasons)s"),
    "warn.rule_not_set": N_("The rule “%(rule)s” (%(subject)s) has no numbers yet and pays nobody."),
    "warn.measure_empty": N_("“%(measure)s” was not measured this month; the rule “%(rule)s” goes without it."),
    "warn.incentive_waiting": N_("%(amount)s for %(subject)s on %(day)s is not approved and not paid."),
    "warn.incentive_unpaid": N_("No rule pays the post of %(subject)s the %(amount)s of %(day)s."),
    # Plans.
    "plan.code_twice": N_("Two rules have the code %(subject)s."),
    "plan.unknown_measure": N_("%(subject)s: there is no measure “%(measure)s”."),
    "plan.unknown_basis": N_("%(subject)s: “%(basis)s” is not something a line can be paid for."),
    "plan.not_a_share": N_("%(subject)s: %(value)s %% is not a share between 0 and 100 %%."),
    "plan.shares_not_whole": N_("%(subject)s: the shares add up to %(sum)s %%, not to 100 %%."),
    "plan.negative": N_("%(subject)s: %(value)s must not be negative."),
    "plan.none_in_force": N_("No approved pay plan holds for %(subject)s."),
    "plan.score_without_posts": N_("%(subject)s looks at appraisal scores, so its pool must be shared by named posts."),
    "plan.divisor_not_positive": N_("%(subject)s: the divisor %(value)s must be above zero."),
    "plan.no_payers": N_("%(subject)s: no payer is named, so no hour would count."),
    "plan.tier_empty": N_("%(subject)s: the tier from %(lower)s to %(upper)s holds nothing."),
    "plan.tiers_overlap": N_("%(subject)s: two tiers hold the value %(value)s."),
    "plan.tiers_gap": N_("%(subject)s: no tier holds the values from %(lower)s to %(upper)s."),
    "plan.tiers_end": N_("%(subject)s: no tier holds the values from %(value)s upwards."),
    "plan.team_kind_twice": N_("Teams of the kind “%(subject)s” are paid by two rules."),
    "plan.seller_twice": N_("Lines sold by “%(subject)s” fall under two rules."),
    "plan.seller_without_rule": N_("Lines sold by “%(subject)s” fall under no rule."),
    "plan.pool_not_shared": N_("Money flows into the pool “%(subject)s”, but nobody shares it."),
    "plan.pool_shared_twice": N_("The pool “%(subject)s” is shared by two rules."),
    "plan.pool_without_money": N_("A rule names the pool “%(subject)s”, but no money flows into it."),
    "plan.unknown_rule": N_("%(subject)s: there is no rule “%(rule)s”."),
    "plan.raised_without_post": N_("%(subject)s: a post is raised that the rule does not pay."),
    "plan.level_twice": N_("%(subject)s: the level %(level)s is named twice."),
    "plan.post_twice": N_("The post “%(subject)s” is paid by two rules of one kind."),
    "plan.event_twice": N_("%(subject)s pays everybody, so no other rule may pay the same entries."),
    # What waits for another month, and why.
    "wait.not_assessed": N_("The accident has not been assessed."),
    "wait.not_released": N_("The car has not been released."),
    "wait.not_assessed_nor_released": N_("The accident has not been assessed and the car has not been released."),
    "wait.not_settled": N_("The order is finished but not settled."),
    "wait.paid_unsettled": N_("The customer has paid, but the order is not settled."),
    "wait.customer_unpaid": N_("The order is settled; this much has not been paid."),
    "wait.warranty_unpaid": N_("The manufacturer has not paid this warranty claim."),
    "wait.insurance_unpaid": N_("The insurer has not paid for these accessories."),
    # Why a row counts differently from what it says.
    "row.below_price": N_("Sold at the price limit or below it."),
    "row.payer": N_("Nobody outside the house pays for it."),
    "row.order_kind": N_("Orders of this type are not counted."),
    "row.rework": N_("Rework by the team at fault."),
    "row.accessory_part": N_("Without the accessory part."),
    "row.reversed": N_("The settlement was reversed."),
}

# One sentence for each rule of an explanation. Names in %(…)s are its values, `amount`, `rows`, `own` and `all`.
SENTENCES: Mapping[str, str] = {
    "customer_money": N_(
        "Customers paid %(amount)s on settled ordinary orders, accessories not included (%(rows)s receipts)."
    ),
    "warranty_money": N_("The manufacturer paid %(amount)s for warranty work in the month (%(rows)s receipts)."),
    "accident_money": N_("%(rows)s accident orders were assessed and released: %(amount)s."),
    "output": N_(
        "Output is customer money %(customer_money)s, warranty money %(warranty_money)s and accident orders "
        "%(accident_money)s: %(amount)s."
    ),
    "car_count": N_("%(amount)s cars were settled in the month; PDI and comebacks are not counted."),
    "target": N_("The signed target of the month is %(amount)s."),
    "achievement": N_("%(actual)s of a target of %(target)s were reached: %(amount)s."),
    "measure_commission": N_("Output commission: %(worked)s = %(amount)s."),
    "accessories_received": N_("Customers paid %(amount)s for accessories sold at the front desk."),
    "accessories_barred": N_("%(amount)s of it was sold at the price limit or below it and earns nothing."),
    "accessory_commission": N_("Accessories: %(worked)s = %(amount)s."),
    "pool": N_("The pool is %(worked)s = %(amount)s."),
    "pool_share": N_("The pool of %(pool)s is shared by coefficient. Your part is %(own)s of %(all)s: %(amount)s."),
    "pool_share_by_days": N_(
        "The pool of %(pool)s is shared by coefficient and days. You were %(days)s of %(month_days)s days in the "
        "position; your part is %(own)s of %(all)s: %(amount)s."
    ),
    "pool_share_changed": N_(
        "The pool of %(pool)s is shared by coefficient and days. By approved temporary coefficients (%(changes)s) "
        "yours comes to (%(weighed)s) ÷ %(month_days)s; your part is %(own)s of %(all)s: %(amount)s."
    ),
    "verified_complaints": N_(
        "%(verified_complaints)s verified complaints by your fault: %(rate)s of your share of %(gross)s is taken off, "
        "%(amount)s."
    ),
    "appraisal_score": N_(
        "Your appraisal score is %(appraisal_score)s: %(rate)s of your share of %(gross)s is taken off, %(amount)s."
    ),
    "seller": N_(
        "Customers paid %(eligible)s for accessories you sold above the price limit: %(worked)s = %(amount)s."
    ),
    "another_department": N_(
        "Accessories you sold or gave from another department for %(eligible)s: %(worked)s = %(amount)s."
    ),
    "installers": N_("Your team installed accessories: %(worked)s = %(amount)s."),
    "parts": N_("The parts department's part of accessories: %(worked)s = %(amount)s."),
    "team_hours": N_(
        "%(hours)s standard hours at %(hour_price)s less consumables of %(consumables)s: %(worked)s = %(amount)s."
    ),
    "hours_deducted": N_("%(hours)s hours are taken off your share: %(worked)s = %(amount)s. Reason: %(reasons)s"),
    "contact_pay": N_(
        "%(appointments)s of your appointments were kept and %(car_count)s cars received: %(worked)s = %(amount)s."
    ),
    "score_pay": N_("By your score of %(score)s: %(worked)s = %(amount)s."),
    "event_pay": N_("Entered and approved in the month (%(rows)s): %(amount)s. Reason: %(reasons)s"),
    "level_pay": N_("Certification level %(level)s: %(worked)s = %(amount)s."),
    "seniority_pay": N_("%(years)s completed years, at most %(most)s a month: %(worked)s = %(amount)s."),
    "rank_pay": N_("Place %(place)s in the factory's list, target %(target_place)s: %(worked)s = %(amount)s."),
    "minimum_pay": N_("The guaranteed minimum is %(minimum)s: %(worked)s = %(amount)s."),
    "pay_item": N_("%(amount)s for the whole month."),
    "pay_item_by_days": N_("By the days on which it held: %(worked)s = %(amount)s."),
    "pay_item_taken_off": N_("%(amount)s a month, taken off whole."),
    "adjustment": N_("Adjustment approved by the station manager: %(amount)s. Reason: %(reasons)s"),
    "correction": N_(
        "Worked out again, this item of %(month)s comes to %(recomputed)s; %(standing)s was paid for it so far: "
        "%(amount)s."
    ),
    "correction_of_deduction": N_(
        "Worked out again, this deduction of %(month)s comes to %(recomputed)s; %(standing)s was taken off so far: "
        "%(amount)s."
    ),
}


def sentence(explanation: Explanation) -> tuple[str, dict[str, str]]:
    """The message id for an explanation and what to fill in, every number written as people read it."""
    params = {value.name: written(value.value, value.unit) for value in explanation.values}
    params |= {group: written(*total) for group, total in group_totals(explanation).items()}
    params["rows"] = str(len(explanation.rows))
    params["reasons"] = "; ".join(dict.fromkeys(filter(None, map(_reason, explanation.rows)))) or "—"
    params["amount"] = written(explanation.amount, explanation.unit)
    params["worked"] = worked_formula(explanation, written)
    weights = {share.key: share.weight for share in explanation.shares}
    if explanation.part in weights:
        params["own"] = plain(weights[explanation.part])
        params["all"] = plain(sum(weights.values(), Decimal(0)))
    stretches = [(v, explanation.value(f"{v.name.partition('_')[0]}_days")) for v in explanation.values if _held(v)]
    params["weighed"] = " + ".join(f"{plain(value.value)} × {plain(days)}" for value, days in stretches)
    params["changes"] = "; ".join(value.label for value, _days in stretches if value.name.endswith("_temporary"))
    params |= _standing(explanation)
    return SENTENCES[explanation.rule], params


def _reason(row: SourceRow) -> str:
    """What somebody gave as the reason of a document, in their words; not what the program says of it."""
    return "" if row.note in NOTICES else row.note


def _standing(explanation: Explanation) -> dict[str, str]:
    """Of a correction: the month it corrects, and what stood paid or taken off before it."""
    again = next((value for value in explanation.values if value.name == "recomputed"), None)
    if again is None:
        return {}
    sign = -1 if explanation.rule == "correction_of_deduction" else 1
    return {"month": again.label, "standing": written(again.value - sign * explanation.amount, "CNY")}


def _held(value: NamedValue) -> bool:
    """One's own coefficient of a stretch of days."""
    return value.name.startswith("stretch") and not value.name.endswith("_days")


def written(value: Decimal, unit: str) -> str:
    """A number as people read it: money with thousands and fen, rates as a percentage, what was measured (points,
    shares) with two decimals, the rest without idle zeros."""
    if unit == "CNY":
        return f"{fen(value):,.2f}"
    if unit == "points":
        return f"{value:,.2f}"
    if unit == "share":
        return f"{value * 100:.2f} %"
    if unit == "rate":
        return f"{plain(value * 100)} %"
    return plain(value)


def plain(value: Decimal) -> str:
    """Without idle zeros and never as 1E+2."""
    return f"{value.normalize():f}" if value else "0"
