"""Targets, whom they bind, who has not signed yet."""

from django.db.models import Q, QuerySet

from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.models import Target
from dealer_crm.organization.choices import Post
from dealer_crm.organization.models import Position, Staff, Store
from dealer_crm.values import Period

# Whom a store target of a measure binds, so who signs it. Source: spec commission.md, A (targets of the month).
_BOUND_POSTS = {
    Measure.ACCESSORY_SALES: (Post.ACCESSORY_SELLER,),
}
_BOUND_BY_DEFAULT = (Post.ADVISOR, Post.ADVISOR_ASSISTANT)


def bound_staff(target: Target) -> QuerySet[Staff]:
    """The people a target binds: the one it names, or everyone in the posts of the measure when the month begins."""
    if target.staff_id:
        return Staff.objects.filter(pk=target.staff_id)
    posts = _posts_of(target)
    first = Period.parse(target.period).first_day
    in_force = Position.objects.in_force_on(first).filter(staff__store_id=target.store_id)
    holders = Position.objects.filter(pk__in=in_force.values("pk"), post__in=posts).values("staff")
    return Staff.objects.filter(pk__in=holders).employed_on(first).order_by("work_number")


def _posts_of(target: Target) -> tuple[Post, ...]:
    return _BOUND_POSTS.get(Measure(target.measure), _BOUND_BY_DEFAULT)


def month_targets(store: Store, period: Period) -> QuerySet[Target]:
    return Target.objects.filter(store=store, period=str(period)).select_related("staff")


def unsigned_targets_of(staff: Staff) -> list[Target]:
    """Targets that bind this person and wait for their signature."""
    waiting = (
        Target.objects.filter(Q(staff=staff) | Q(staff=None), store_id=staff.store_id, is_signed=False)
        .exclude(signatures__staff=staff)
        .order_by("period")
    )
    is_bound: dict = {}  # asked once for a month and a kind of posts, however many targets it has
    for target in waiting:
        key = _posts_of(target), target.period
        if target.staff_id is None and key not in is_bound:
            is_bound[key] = bound_staff(target).filter(pk=staff.pk).exists()
    return [target for target in waiting if target.staff_id or is_bound[_posts_of(target), target.period]]
