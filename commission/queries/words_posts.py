"""The words of the rules that pay a post, and of the pay statement; `words` says them."""

from django.utils.translation import gettext_noop as _mark

from commission.formulas.posts_blocks import KEY_MEASURES, PLACES
from dealer_crm.kpi.queries import MEASURES

VALUE_NAMES = {
    "appointment_rate": _mark("Per kept appointment"),
    "car_rate": _mark("Per received car"),
    "score": _mark("Score"),
    "raised_by": _mark("Factor of raised posts"),
    "key_count": _mark("Number of key indicators"),
    "scored": _mark("Amount by score"),
    "fixed": _mark("Fixed amount"),
    "coefficient": _mark("Coefficient"),
    "level": _mark("Certification level"),
    "years": _mark("Completed years"),
    "per_year": _mark("For each year"),
    "most": _mark("At most a month"),
    "target_place": _mark("Target place"),
    "place": _mark("Place reached"),
    "per_place": _mark("For each place"),
    "minimum": _mark("Guaranteed minimum"),
}
# Values of which a formula may hold several, by how their names end.
VALUE_KINDS = {
    "goal": _mark("Goal"),
    "earned": _mark("Earned"),
    "amount": _mark("Amount a month"),
}
GROUPS = {
    "appointments": _mark("Kept appointments"),
    "incentives": _mark("Approved incentives"),
}
PARAMETERS = {
    "posts": _mark("Posts"),
    "appointment_rate": _mark("Per kept appointment"),
    "car_rate": _mark("Per received car"),
    "key_measures": _mark("Times key indicators"),
    "raised_posts": _mark("Raised posts"),
    "raised_by": _mark("Factor of raised posts"),
    "fixed": _mark("Fixed amount"),
    "scored": _mark("Amount by score"),
    "coefficient": _mark("Coefficient"),
    "event": _mark("What is entered"),
    "levels": _mark("Certification levels"),
    "only_beside": _mark("Only beside the rules"),
    "per_year": _mark("For each year"),
    "most": _mark("At most a month"),
    "amount": _mark("Amount"),
    "target_place": _mark("Target place"),
}
WORDS = {
    "daily": _mark("daily incentives"),
    "add_on": _mark("add-on business"),
    **{code: MEASURES[code].label for code in sorted(KEY_MEASURES | PLACES)},
}
