"""通话品质: the supervisor judges a call, its agent answers. Source: spec `callback.md`."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from callback.choices import Outcome, QualityPoint
from callback.formulas import quality_points
from callback.models import CallScore, Contact
from callback.queries.quality import quality_weights
from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.notices.actions import notify
from dealer_crm.organization.models import Staff
from dealer_crm.values import Refusal


@transaction.atomic
def score_call(
    *, contact: Contact, marks: Mapping[str, int], by: Staff, at: datetime, remark: str = "", seed: str = ""
) -> CallScore:
    """Judge a talk by the weights of the day; judged again, the former judgement and its comment give way (the journal
    keeps them). Refused: one's own call, one where nobody was talked to, an incomplete form."""
    contact = Contact.objects.select_for_update(of=["self"]).select_related("store", "agent").get(pk=contact.pk)
    if contact.agent is None or contact.outcome != Outcome.COMPLETED:
        raise Refusal(_("Only talks with a customer are judged."), code="not_talked")
    if contact.agent_id == by.pk:
        raise Refusal(_("Nobody judges their own calls."), code="own_call")
    if missing := [point.label for point in QualityPoint if marks.get(point) not in range(11)]:
        raise Refusal(_("Give every point a mark from 0 to 10."), code="marks_missing", details=missing)
    weights = quality_weights(contact.store, at)
    kept = {point.value: int(marks[point]) for point in QualityPoint}
    before = CallScore.objects.filter(contact=contact).values_list("points", flat=True).first()
    score, _new = CallScore.objects.update_or_create(
        contact=contact,
        defaults={
            "store": contact.store, "agent": contact.agent, "marks": kept, "weights": weights,
            "points": quality_points(kept, weights), "remark": remark.strip(), "seed": seed, "scored_by": by,
            "scored_at": at, "comment": "", "commented_at": None,
        },
    )  # fmt: skip
    journal.record(
        by=by, at=at, verb="call.scored", subject=contact, note=remark.strip()[:200],
        changes={"points": [None if before is None else str(before), str(score.points)]},
    )  # fmt: skip
    notify(
        recipients=[contact.agent],
        key=f"call_score:{score.pk}:{at:%y%m%d%H%M%S}",
        text=_("A call of yours was judged: %(points)s of 100.") % {"points": score.points},
        url=reverse("callback:score", args=[contact.pk]),
        at=at,
    )
    return score


@transaction.atomic
def comment_score(
    *, score: CallScore, comment: str, by: Staff, at: datetime, expected_version: int | None = None
) -> CallScore:
    """The agent's own words to a judgement of their call; the supervisor is told."""
    score = CallScore.objects.select_for_update(of=["self"]).select_related("scored_by").get(pk=score.pk)
    refuse_stale(score, expected_version)
    if score.agent_id != by.pk:
        raise Refusal(_("Only the agent of the call comments on it."), code="not_own_call")
    if not comment.strip():
        raise Refusal(_("Write your comment."), field="comment", code="text_missing")
    score.comment, score.commented_at, score.version = comment.strip(), at, score.version + 1
    score.save(update_fields=["comment", "commented_at", "version"])
    journal.record(by=by, at=at, verb="call_score.commented", subject=score, note=score.comment[:200])
    notify(
        recipients=[score.scored_by],
        key=f"call_score:{score.pk}:comment:{score.version}",
        text=_("%(agent)s comments on a judged call.") % {"agent": by},
        url=reverse("callback:score", args=[score.contact_id]),
        at=at,
    )
    return score
