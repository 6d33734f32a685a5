"""The forms of the rules that pay a post (rules E and F). An empty number is "not set": the rule then pays nobody."""

from django.utils.translation import gettext_lazy as _lazy

from commission.forms.plans_blocks import (
    BlockForm,
    ChoiceField,
    ChoicesField,
    NumberField,
    PercentField,
    RowForm,
    RulesField,
    form_for,
)
from commission.formulas.posts_blocks import (
    CAR_COUNT,
    EVENTS,
    KEY_MEASURES,
    OUTPUT,
    PLACES,
    ContactPay,
    EventPay,
    LevelAmount,
    LevelPay,
    MinimumPay,
    RankPay,
    ScorePay,
    SeniorityPay,
)
from dealer_crm.organization.choices import Post

_NOT_SET = _lazy("Empty: not set.")


def _posts(label=None, **options):
    return ChoicesField(Post.values, label=label or _lazy("Posts"), **options)


def _money(label, **options):
    return NumberField(label=label, unit=_lazy("CNY"), **options)


class LevelForm(RowForm):
    makes = LevelAmount

    level = NumberField(label=_lazy("Certification level"), places=0)
    amount = NumberField(label=_lazy("Amount"), places=2)


@form_for(ContactPay)
class ContactPayForm(BlockForm):
    label = _lazy("Appointments and cars, paid to posts")

    appointment_rate = _money(_lazy("Per kept appointment"), required=False, help_text=_NOT_SET)
    car_rate = _money(_lazy("Per received car"), required=False, help_text=_NOT_SET)
    achievement_cap = PercentField(
        label=_lazy("Achievement at most"), required=False, help_text=_lazy("Empty: not capped.")
    )
    raised_by = NumberField(label=_lazy("Factor of raised posts"))
    posts = _posts()
    raised_posts = _posts(_lazy("Raised posts"))
    achievements = ChoicesField((OUTPUT, CAR_COUNT), label=_lazy("Times achievement of"))
    key_measures = ChoicesField(KEY_MEASURES, label=_lazy("Times key indicators"))


@form_for(ScorePay)
class ScorePayForm(BlockForm):
    label = _lazy("Amount by score, paid to posts")

    fixed = _money(_lazy("Fixed amount"))
    scored = _money(_lazy("Amount by score"), required=False, help_text=_NOT_SET)
    measure = ChoiceField((OUTPUT, CAR_COUNT), label=_lazy("Measure"), none="—")
    coefficient = NumberField(label=_lazy("Coefficient"), places=8, required=False, help_text=_NOT_SET)
    posts = _posts()


@form_for(EventPay)
class EventPayForm(BlockForm):
    label = _lazy("Entered amounts, paid to posts")

    event = ChoiceField(EVENTS, label=_lazy("What is entered"))
    posts = _posts(help_text=_lazy("None chosen: whoever they are entered for."))


@form_for(LevelPay)
class LevelPayForm(BlockForm):
    label = _lazy("Amount by certification level")

    posts = _posts()
    only_beside = RulesField()
    rows = {"levels": LevelForm}


@form_for(SeniorityPay)
class SeniorityPayForm(BlockForm):
    label = _lazy("Amount by seniority")

    per_year = _money(_lazy("For each year"))
    most = _money(_lazy("At most a month"))
    posts = _posts()
    only_beside = RulesField()


@form_for(RankPay)
class RankPayForm(BlockForm):
    label = _lazy("Amount by place in a list")

    measure = ChoiceField(PLACES, label=_lazy("Measure"))
    amount = _money(_lazy("Amount"))
    target_place = NumberField(label=_lazy("Target place"), places=0, required=False, help_text=_NOT_SET)
    posts = _posts()
    only_beside = RulesField()


@form_for(MinimumPay)
class MinimumPayForm(BlockForm):
    label = _lazy("Guaranteed minimum of posts")

    amount = _money(_lazy("Amount"))
    posts = _posts()
    only_beside = RulesField()
