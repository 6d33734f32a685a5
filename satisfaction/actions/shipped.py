"""The questionnaires the program comes with. Source: spec `satisfaction.md`, "Shipped".

Wordings are what an agent reads out or a customer reads: Chinese, as data. What stands here was published and is frozen
in every installation: a better wording is a new version, never a change of an old one.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from dealer_crm.organization.choices import Post
from satisfaction.choices import QuestionKind, QuestionnaireKind, Step


@dataclass(frozen=True)
class ShippedQuestion:
    code: str
    name: str
    text: str
    kind: QuestionKind = QuestionKind.SCORE
    step: Step | str = ""
    weight: Decimal | None = None
    responsible_post: Post | str = ""
    flags_no: bool = False
    choices: list[str] = field(default_factory=list)
    is_overall: bool = False


@dataclass(frozen=True)
class ShippedQuestionnaire:
    code: str
    name: str
    kind: QuestionnaireKind
    number: int
    questions: tuple[ShippedQuestion, ...]


def _factor(code, name, text, step, weight, post):
    return ShippedQuestion(code, name, text, step=step, weight=Decimal(weight), responsible_post=post)


def _check(code, name, text, step, post, *, flags_no=False):
    return ShippedQuestion(code, name, text, QuestionKind.YES_NO, step, None, post, flags_no)


SERVICE_CSI = ShippedQuestionnaire(
    "service-csi",
    "售后服务满意度（CSI）",
    QuestionnaireKind.SERVICE_CSI,
    1,
    (
        _factor("F01", "预约便利", "您预约服务时，电话或线上预约是否方便？预约的时间是否合您的意？",
                Step.APPOINTMENT, 6, Post.CALLBACK_AGENT),
        _factor("F02", "接待及时", "您到店后，服务人员是否及时上前接待？",
                Step.RECEPTION, 6, Post.ADVISOR),
        _factor("F03", "服务态度", "服务顾问的礼貌和热情程度怎么样？",
                Step.RECEPTION, 8, Post.ADVISOR),
        _factor("F04", "问诊沟通", "服务顾问是否认真听您的需求、检查车辆，并把要做的项目说清楚？",
                Step.RECEPTION, 8, Post.ADVISOR),
        _factor("F05", "店面环境", "客户休息区是否舒适、干净，饮料和设施是否让您满意？",
                Step.ENVIRONMENT, 6, Post.FRONTDESK_SUPERVISOR),
        _factor("F06", "进度告知", "等待期间，服务顾问是否主动告诉您维修进度？",
                Step.WAITING, 6, Post.ADVISOR),
        _factor("F07", "按时交车", "车辆是否在答应您的时间内交付？",
                Step.WAITING, 10, Post.WORKSHOP_SUPERVISOR),
        _factor("F08", "一次修好", "您反映的问题是否一次就解决了？",
                Step.QUALITY, 14, Post.TECHNICIAN),
        _factor("F09", "维修质量", "您对这次保养或维修的质量是否满意？",
                Step.QUALITY, 12, Post.TECHNICIAN),
        _factor("F10", "收费合理", "您觉得这次的收费是否合理？",
                Step.CHARGES, 6, Post.SERVICE_MANAGER),
        _factor("F11", "费用说明", "结算前，服务顾问是否把费用逐项说明，与事先报价一致？",
                Step.CHARGES, 6, Post.ADVISOR),
        _factor("F12", "交车说明", "交车时，服务顾问是否陪您验车，并说明做了什么、下次该注意什么？",
                Step.HANDOVER, 6, Post.ADVISOR),
        _factor("F13", "车辆清洁", "交车时，车辆内外是否干净，物品和座椅位置是否保持原样？",
                Step.HANDOVER, 3, Post.WORKSHOP_SUPERVISOR),
        _factor("F14", "服务跟踪", "离店后，我们对您的关心和跟踪是否让您满意？",
                Step.HANDOVER, 3, Post.CALLBACK_AGENT),
        ShippedQuestion("ZT", "总体满意度", "总的来说，您对这次服务打几分？（1–10 分）", is_overall=True),
        ShippedQuestion("TJ", "推荐意愿", "您有多大可能把我们店推荐给亲友？（0–10 分）", QuestionKind.RECOMMEND),
        ShippedQuestion("YJ", "意见和建议", "您还有什么意见或建议？", QuestionKind.TEXT),
    ),
)  # fmt: skip

TEN_QUESTIONS = ShippedQuestionnaire(
    "ten-questions",
    "服务十项检查",
    QuestionnaireKind.TEN_QUESTIONS,
    1,
    (
        _check("S01", "主动预约提醒", "我们是否提前与您确认了预约时间？", Step.APPOINTMENT, Post.CALLBACK_AGENT),
        _check("S02", "及时接待", "到店后五分钟内是否有人接待您？", Step.RECEPTION, Post.ADVISOR),
        _check("S03", "三件套防护", "服务顾问是否当着您的面铺好座椅套、脚垫和方向盘套？", Step.RECEPTION, Post.ADVISOR),
        _check("S04", "环车检查", "服务顾问是否和您一起做了环车检查？", Step.RECEPTION, Post.ADVISOR),
        _check("S05", "报价报时", "开工前是否告诉您预计费用和交车时间？", Step.RECEPTION, Post.ADVISOR, flags_no=True),
        _check("S06", "进度告知", "维修过程中是否告诉您进度？", Step.WAITING, Post.ADVISOR),
        _check("S07", "增项征得同意", "增加维修项目前是否征得您的同意？", Step.CHARGES, Post.ADVISOR, flags_no=True),
        _check("S08", "按时交车", "是否按约定的时间交车？", Step.WAITING, Post.WORKSHOP_SUPERVISOR),
        _check("S09", "问题一次解决", "您反映的问题是否已经解决？", Step.QUALITY, Post.TECHNICIAN, flags_no=True),
        _check("S10", "交车说明", "交车时是否向您说明维修内容和费用？", Step.HANDOVER, Post.ADVISOR),
    ),
)

SHIPPED_STEPS = {
    Step.APPOINTMENT: "预约",
    Step.RECEPTION: "接待",
    Step.ENVIRONMENT: "环境",
    Step.WAITING: "维修等待",
    Step.QUALITY: "维修质量",
    Step.CHARGES: "收费",
    Step.HANDOVER: "交车与跟踪",
}
"""What the sections are called; data like the wordings."""

SHIPPED = (SERVICE_CSI, TEN_QUESTIONS)
