"""A campaign of the last days with calls made, and one that waits to be started."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from callback import actions
from callback.choices import Direction, Occasion, Outcome, RuleCode, TaskState
from callback.models import CallTask, Contact
from callback.queries import members_in_list
from dealer_crm.seeding.calls import Diary
from dealer_crm.seeding.people import House
from reception.choices import Channel
from reception.models import Segment
from reception.queries import customers_in


def run_campaigns(house: House, random: Random, at: datetime) -> None:
    """One under way since four days, half of it called; one prepared. Both mean the store's segments."""
    today, by = at.astimezone(house.store.tz).date(), house.staff["H09"]
    standing = Segment.objects.of_store(house.store).order_by("pk")
    segments = [one for one in standing if customers_in(one, at=at).exists()]
    if not segments:
        return
    begun = at - timedelta(days=4)
    said = {"store": house.store, "channel": Channel.PHONE, "by": by}
    running = actions.prepare_campaign(
        name="冬季安全检测月",
        occasion=Occasion.SEASON,
        segment=segments[0],
        words="冬季来店免费检测电瓶、轮胎和防冻液，更换电瓶享九折。",
        first_day=begun.astimezone(house.store.tz).date(),
        last_day=today + timedelta(days=10),
        goal=20,
        cost=Decimal(3000),
        at=begun,
        **said,
    )
    running = actions.start_campaign(campaign=running, by=by, at=begun)
    actions.generate_callbacks(at=begun, store=house.store, codes=[RuleCode.CAMPAIGN])
    tasks = CallTask.objects.filter(store=house.store, source_key__startswith=f"campaign:{running.pk}:").order_by("pk")
    diary, to_call = Diary(house.store), max(1, tasks.count() // 2)
    # Offers keep a week after the last talk.
    talked = Contact.objects.filter(store=house.store, at__gte=begun - timedelta(days=7), direction=Direction.OUT)
    agents = [house.staff["H01"], house.staff["H02"]]
    for task in tasks.unfinished().exclude(customer__in=talked.values("customer"))[:to_call]:
        wanted = begun + timedelta(hours=random.randint(1, 80))
        called = diary.moment(task.customer_id, wanted, after=begun, before=at, at=at)
        _called(task, random.choice(agents), called)
    # The past was written before the campaign: some of those who came in its days had been called about it.
    for member in members_in_list(running, "came_uncalled").order_by("pk")[::2] if tasks else ():
        wanted = begun + timedelta(minutes=random.randint(0, 1200))
        called = diary.moment(member.customer_id, wanted, after=begun, before=member.came_at, at=member.came_at)
        if called:
            task = tasks[0]
            task.pk, task.closing_reason = None, ""
            task.source_key, task.customer_id = f"campaign:{running.pk}:{member.pk}", member.customer_id
            _called(task, random.choice(agents), called)
    actions.prepare_campaign(
        name="元旦会员日",
        occasion=Occasion.MEMBER_DAY,
        segment=segments[-1],
        words="元旦会员日来店保养工时八折，赠送洗车券一张。",
        first_day=today + timedelta(days=20),
        last_day=today + timedelta(days=40),
        goal=30,
        cost=Decimal(5000),
        at=at,
        **said,
    )


def _called(task: CallTask, agent, called: datetime) -> None:
    """The call that was made; the task is kept with it."""
    task.state, task.attempts, task.first_called_at, task.done_at = TaskState.DONE, 1, called, called
    task.save()
    Contact.objects.create(
        store=task.store, task=task, customer_id=task.customer_id, agent=agent,
        started_at=called - timedelta(minutes=2), at=called, outcome=Outcome.COMPLETED, note="",
    )  # fmt: skip
