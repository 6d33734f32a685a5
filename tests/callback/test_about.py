"""What a call is about: the agent knows what was done, marked down, said or handed over before dialling."""

from decimal import Decimal

from callback.choices import RuleCode
from callback.models import Handover
from callback.queries import desk
from complaints.choices import ComplaintState, StepKind
from satisfaction.choices import ResponseSource
from satisfaction.models import Flag, Response
from satisfaction.queries import csi_version
from tests.factories.callback import TEN, CallTaskFactory, ContactFactory
from tests.factories.complaints import complaint_of
from tests.factories.reception import CustomerFactory, RepairOrderFactory, VehicleFactory


def test_the_desk_says_what_the_call_follows(people):
    order = RepairOrderFactory(advisor=people.advisor)
    case = complaint_of(people, ComplaintState.CHECKED, order=order, customer=order.customer, at=TEN)
    case.steps.filter(kind__in=[StepKind.DECISION, StepKind.REMEDY]).delete()
    case.steps.create(kind=StepKind.REMEDY, round=case.round, by=people.advisor, at=TEN, text="已当面致歉")
    case.steps.create(kind=StepKind.REMEDY, round=case.round + 1, by=people.advisor, at=TEN, text="下一轮")
    low, fine = csi_version().questions.filter(kind="score").order_by("position")[:2]
    response = Response.objects.create(
        version=csi_version(), store=people.store, order=order, source=ResponseSource.LINK, answered_at=TEN
    )
    Flag.objects.create(
        answer=response.answers.create(question=low, score=Decimal(3)), store=people.store, raised_at=TEN
    )
    response.answers.create(question=fine, score=Decimal(9))
    talk = ContactFactory(
        store=people.store, agent=people.agent, at=TEN, was_on_time=True, note="很满意", response=response
    )  # fmt: skip
    car = VehicleFactory(store=people.store, owner=CustomerFactory(store=people.store))
    Handover.objects.create(
        store=people.store, vehicle=car, customer=car.owner, handed_over_at=TEN, salesperson="沈佳", noted_at=TEN
    )
    wanted = {
        RuleCode.COMPLAINT_NEXT_DAY: [f"已当面致歉 {people.advisor.name} 10-15 10:00"],
        RuleCode.BAD_ANSWER: ["3/10"],
        RuleCode.SPOT_CHECK: [
            f"{people.agent.name} 10-15 10:00", "是", "很满意", f"{low.name} 3/10、{fine.name} 9/10",
        ],
        RuleCode.SALES_3D: ["10-15 10:00", "沈佳"],
        RuleCode.SERVICE_3D: [],
    }  # fmt: skip
    said = {
        RuleCode.COMPLAINT_NEXT_DAY: {"order": order, "complaint": case, "source_key": f"complaint:{case.pk}:1"},
        RuleCode.BAD_ANSWER: {"order": order, "source_key": f"response:{response.pk}"},
        RuleCode.SPOT_CHECK: {"customer": talk.customer, "store": people.store, "source_key": f"contact:{talk.pk}"},
        RuleCode.SALES_3D: {"customer": car.owner, "vehicle": car, "store": people.store},
        RuleCode.SERVICE_3D: {"order": order},
    }
    tasks = {code: CallTaskFactory(code=code, **facts) for code, facts in said.items()}
    assert {
        code: [line.text for line in desk(task, people.crc, at=TEN).about] for code, task in tasks.items()
    } == wanted
