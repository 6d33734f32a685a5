"""Every sentence scorecards can say, as message ids; the application translates and fills them.

Formulas know no Django, so `N_` only marks a text for the collector.
"""

from collections.abc import Mapping

from dealer_crm.appraisal.formulas.scales import (
    AT_LEAST,
    COUNTED,
    EACH_OVER,
    GIVEN,
    INDICATOR,
    LINEAR,
    Explained,
    tier_of,
)


def N_(message: str) -> str:  # noqa: N802 — the usual mark for a text that is translated later
    return message


PROBLEMS: Mapping[str, str] = {
    "weights": N_("The indicators add up to %(sum)s points, not to %(full)s."),
    "too_much": N_("With all bonus items %(sum)s points can be reached; no score lies above %(most)s."),
    "name_twice": N_("%(item)s stands on the card twice."),
    "no_points": N_("%(item)s: the points must be above zero."),
    "nobody_enters": N_("%(item)s: say which role enters the points."),
    "entered_is_given": N_("%(item)s: what a person enters has no scale; what is measured nobody enters."),
    "no_source": N_("%(item)s: choose what is measured."),
    "one_source": N_("%(item)s: only events can come from two sources."),
    "source_twice": N_("%(item)s counts the same events twice."),
    "step_points": N_("%(item)s: the points for each event must be above zero."),
    "no_target": N_("%(item)s: there is no target that says how many events are allowed."),
    "no_tiers": N_("%(item)s: there are no tiers."),
    "tiers_overlap": N_("%(item)s: two tiers begin at %(limit)s, so they overlap."),
    "tiers_rise": N_("%(item)s: the points must become fewer from tier to tier; they do not at %(limit)s."),
    "tier_points": N_("%(item)s: the points of every tier lie between 0 and %(full)s."),
    "linear_ends": N_("%(item)s: say which figure earns nothing and which earns everything."),
}

SENTENCES: Mapping[str, str] = {
    "nothing": N_("Nothing to judge this month: nothing is taken off."),
    "nothing_extra": N_("Nothing to judge this month: nothing is added or taken off."),
    "at_least": N_("%(source)s: %(value)s, at least %(limit)s."),
    "below": N_("%(source)s: %(value)s, below %(limit)s."),
    "at_most": N_("%(source)s: %(value)s, at most %(limit)s."),
    "above": N_("%(source)s: %(value)s, above %(limit)s."),
    "linear": N_("%(source)s: %(value)s; %(zero_at)s earns nothing, %(full_at)s everything, in proportion between."),
    "each": N_("%(events)s."),
    "none": N_("None of what would count happened."),
    "each_over": N_("%(source)s: %(count)s of %(base)s; the target allows %(allowed)s, %(over)s over it."),
}


def sentence(explained: Explained) -> str:
    """Which sentence tells an item's points."""
    rule = explained.rule
    if rule.scale in COUNTED:
        if not any(fact.rows for fact in explained.facts):
            return "none"
        return EACH_OVER if rule.scale == EACH_OVER else "each"
    value = explained.facts[0].value
    if value is None:
        return "nothing" if rule.kind == INDICATOR else "nothing_extra"
    if rule.scale in (LINEAR, GIVEN):
        return LINEAR
    if tier_of(rule, value):
        return rule.scale
    return "below" if rule.scale == AT_LEAST else "above"
