"""The questionnaires the program comes with. Source: spec `satisfaction.md`, "Shipped".

Wordings are what an agent reads out or a customer reads: Chinese, as data. What stands here was published and is frozen
in every installation: a better wording is a new version, never a change of an old one.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from dealer_crm.organization.choices import Post
from satisfaction.choices import Aspect, Channel, Construct, Language, QuestionKind, QuestionnaireKind, Step


@dataclass(frozen=True)
class ShippedQuestion:
    code: str
    name: str
    text: str
    kind: QuestionKind = QuestionKind.SCORE
    section: str = ""
    weight: Decimal | None = None
    responsible_post: Post | str = ""
    flags_no: bool = False
    choices: list[str] = field(default_factory=list)
    is_overall: bool = False
    aspect: Aspect = Aspect.PERCEPTION
    about: str = ""
    construct: Construct | str = ""


@dataclass(frozen=True)
class ShippedQuestionnaire:
    """`sections`: code → name. `wordings`: question code → (language, channel) → text; an empty channel is all."""

    code: str
    name: str
    kind: QuestionnaireKind
    number: int
    questions: tuple[ShippedQuestion, ...]
    sections: dict[str, str] = field(default_factory=dict)
    wordings: dict[str, dict[tuple[str, str], str]] = field(default_factory=dict)


def _factor(code, name, text, section, weight, post="", **more):
    return ShippedQuestion(
        code, name, text, section=section, weight=Decimal(weight), responsible_post=post, **more
    )  # fmt: skip


def _check(code, name, text, section, post, *, flags_no=False):
    return ShippedQuestion(code, name, text, QuestionKind.YES_NO, section, None, post, flags_no)


_STEPS = {
    Step.APPOINTMENT: "预约",
    Step.RECEPTION: "接待",
    Step.ENVIRONMENT: "环境",
    Step.WAITING: "维修等待",
    Step.QUALITY: "维修质量",
    Step.CHARGES: "收费",
    Step.HANDOVER: "交车与跟踪",
}
"""What the seven core steps are called; data like the wordings."""


def _called(text: str) -> dict[tuple[str, str], str]:
    return {(Language.ZH_HANS, Channel.CALL): text}


def _english(text: str) -> dict[tuple[str, str], str]:
    return {(Language.EN, ""): text}


_SERVICE_WORDINGS = {
    "F01": _english("When you made your appointment, was it easy, and did the time suit you?"),
    "F02": _english("When you arrived, did somebody attend to you at once?"),
    "F03": _english("How polite and friendly was your service advisor?"),
    "F04": _english("Did your advisor listen to you, look at the car and explain what would be done?"),
    "F05": _english("Was the customer lounge comfortable and clean, with drinks and facilities to your liking?"),
    "F06": _english("While you waited, did your advisor tell you how the work was going?"),
    "F07": _english("Was the car handed over at the time you were promised?"),
    "F08": _english("Was the problem you reported solved the first time?"),
    "F09": _english("Are you satisfied with the quality of this service or repair?"),
    "F10": _english("Was the price reasonable?"),
    "F11": _english("Before you paid, were the charges explained item by item, as they had been quoted?"),
    "F12": _english("At hand-over, did your advisor show you the car and explain what was done and what comes next?"),
    "F13": _english("Was the car clean inside and out, with your things and seat as you had left them?"),
    "F14": _english("After you left, were you satisfied with how we kept in touch?"),
    "ZT": _english("All in all, how do you rate this visit? (1–10)")
    | _called("最后请您总的打个分：1 分最低，10 分最高，您给这次服务打几分？"),
    "TJ": _english("How likely are you to recommend us to friends and family? (0–10)")
    | _called("如果亲友也要修车，您有多大可能推荐我们店？0 分是绝不会，10 分是一定会。"),
    "YJ": _english("Is there anything else you want to tell us?")
    | _called("您对我们还有什么意见或建议？我帮您记下来。"),
}
"""Wordings beside the printed one: English for whoever turns the page over, and what is said on the phone."""

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
    sections=_STEPS,
    wordings=_SERVICE_WORDINGS,
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
    sections={step: name for step, name in _STEPS.items() if step != Step.ENVIRONMENT},
)

SALES_SSI = ShippedQuestionnaire(
    "sales-ssi",
    "销售满意度（SSI）",
    QuestionnaireKind.SALES_SSI,
    1,
    (
        _factor("X01", "接待及时", "您到展厅后，销售顾问是否及时、热情地接待您？", "reception", 8),
        _factor("X02", "了解需求", "销售顾问是否了解您的用车需求，并据此推荐车型？", "reception", 8),
        _factor("X03", "试乘试驾", "试乘试驾的车辆、路线和讲解是否让您满意？", "test-drive", 12),
        _factor("X04", "价格透明", "车价、保险、上牌等费用是否逐项说清，没有隐性收费？", "price", 12),
        _factor("X05", "付款便捷", "签约、贷款和付款手续是否顺畅？", "price", 8),
        _factor("X06", "承诺兑现", "赠品、优惠和其他口头承诺是否都兑现了？", "promise", 12),
        _factor("X07", "按时交车", "新车是否在约定的日期交付？", "delivery", 10),
        _factor("X08", "车况与交车仪式", "新车内外是否洁净完好，交车过程是否用心？", "delivery", 10),
        _factor("X09", "功能讲解", "交车时是否讲清车辆功能、保养和质保政策？", "delivery", 8),
        _factor("X10", "购车后跟踪", "提车后，销售顾问的关心和回访是否让您满意？", "follow-up", 6),
        _factor("X11", "问题响应", "提车后您提出的问题是否得到及时处理？", "follow-up", 6),
        _check("X12", "主动试驾邀请", "销售顾问是否主动邀请您试驾？", "execution", ""),
        _check("X13", "三日内回访", "提车后三天内是否有人联系过您？", "execution", "", flags_no=True),
        _check("X14", "售后引荐", "交车时是否向您介绍了售后服务顾问？", "execution", ""),
        _check("X15", "合同交付", "购车合同、发票和随车资料是否当面交给您？", "execution", "", flags_no=True),
        ShippedQuestion("XZT", "购车总体满意度", "总的来说，您对这次购车经历打几分？（1–10 分）", is_overall=True),
        ShippedQuestion("XTJ", "购车推荐意愿", "您有多大可能推荐亲友来我们店买车？（0–10 分）", QuestionKind.RECOMMEND),
        ShippedQuestion("XYJ", "意见和建议", "您还有什么意见或建议？", QuestionKind.TEXT),
    ),
    sections={
        "reception": "接待",
        "test-drive": "试乘试驾",
        "price": "价格与付款",
        "promise": "承诺",
        "delivery": "交车",
        "follow-up": "跟踪",
        "execution": "执行检查",
    },
)  # fmt: skip

MONTHLY_SURVEY = ShippedQuestionnaire(
    "monthly-survey",
    "月度十二项调查",
    QuestionnaireKind.MONTHLY_SURVEY,
    1,
    (
        ShippedQuestion("M01", "总体期望", "来店之前，您对我们服务水平的期望有多高？",
                        section=Construct.EXPECTATION, construct=Construct.EXPECTATION),
        ShippedQuestion("M02", "可靠性期望", "来店之前，您期望我们一次修好、说到做到的程度有多高？",
                        section=Construct.EXPECTATION, construct=Construct.EXPECTATION),
        _factor("M03", "维修质量", "您觉得我们的维修和保养质量怎么样？", Construct.QUALITY, 15, Post.TECHNICIAN,
                construct=Construct.QUALITY),
        _factor("M04", "服务质量", "您觉得我们的接待和服务怎么样？", Construct.QUALITY, 15, Post.ADVISOR,
                construct=Construct.QUALITY),
        _factor("M05", "质量对得起价格", "就您花的钱来说，得到的质量怎么样？", Construct.VALUE, 10,
                Post.SERVICE_MANAGER, construct=Construct.VALUE),
        _factor("M06", "价格合理", "就得到的质量来说，您觉得价格合理吗？", Construct.VALUE, 10, Post.SERVICE_MANAGER,
                construct=Construct.VALUE),
        ShippedQuestion("M07", "总体满意", "总的来说，您对我们店满意吗？", section=Construct.SATISFACTION,
                        is_overall=True, construct=Construct.SATISFACTION),
        _factor("M08", "与期望相比", "与您来之前的期望相比，我们做得怎么样？", Construct.SATISFACTION, 15,
                Post.SERVICE_MANAGER, construct=Construct.SATISFACTION),
        _factor("M09", "反映问题方便", "有不满意的地方，您向我们反映方便吗？", Construct.COMPLAINTS, 10,
                Post.CRC_SUPERVISOR, construct=Construct.COMPLAINTS),
        _factor("M10", "问题处理", "您反映过的问题，处理结果让您满意吗？（没有反映过请跳过）", Construct.COMPLAINTS, 10,
                Post.CRC_SUPERVISOR, construct=Construct.COMPLAINTS),
        _factor("M11", "再次来店", "下次保养或维修，您还会来我们店吗？", Construct.LOYALTY, 15, Post.SERVICE_MANAGER,
                construct=Construct.LOYALTY),
        ShippedQuestion("M12", "推荐亲友", "您有多大可能把我们店推荐给亲友？（0–10 分）", QuestionKind.RECOMMEND,
                        Construct.LOYALTY, construct=Construct.LOYALTY),
    ),
    sections={
        Construct.EXPECTATION: "期望",
        Construct.QUALITY: "感知质量",
        Construct.VALUE: "感知价值",
        Construct.SATISFACTION: "满意",
        Construct.COMPLAINTS: "抱怨处理",
        Construct.LOYALTY: "忠诚",
    },
)  # fmt: skip
"""Twelve items, two for each of the six composite scores; each is asked so that more is better."""


def _expected_and_weighed(factor: ShippedQuestion) -> tuple[ShippedQuestion, ShippedQuestion]:
    number = factor.code.removeprefix("F")
    return (
        ShippedQuestion(
            f"E{number}", f"{factor.name}·期望", f"来店之前，您对“{factor.name}”的期望有多高？（1–10 分）",
            section=factor.section, aspect=Aspect.EXPECTATION, about=factor.code,
        ),
        ShippedQuestion(
            f"I{number}", f"{factor.name}·重要性", f"“{factor.name}”对您有多重要？（1–10 分）",
            section=factor.section, aspect=Aspect.IMPORTANCE, about=factor.code,
        ),
    )  # fmt: skip


EXPECTATIONS = ShippedQuestionnaire(
    "expectations",
    "客户期望调查",
    QuestionnaireKind.EXPECTATION,
    1,
    tuple(
        question
        for factor in SERVICE_CSI.questions
        if factor.weight is not None
        for question in _expected_and_weighed(factor)
    ),
    sections=_STEPS,
)
"""What customers expect of each factor of the service CSI and how much it matters to them: the other half of the gaps.
"""

FACTORY_SURVEY = ShippedQuestionnaire(
    "factory-survey",
    "厂家满意度调查",
    QuestionnaireKind.FACTORY,
    1,
    tuple(
        replace(question, code=question.code.replace("F", "C").replace("ZT", "CZT"), about=question.code)
        for question in SERVICE_CSI.questions
        if question.kind == QuestionKind.SCORE
    ),
    sections=_STEPS,
)
"""For factories that ask by the seven steps; a brand with factors of its own gets a questionnaire of its own, whose
questions say which of our factors they are about."""

STAFF_SURVEY = ShippedQuestionnaire(
    "staff-survey",
    "员工满意度调查",
    QuestionnaireKind.STAFF,
    1,
    (
        _factor("N01", "工作环境", "您对工作场所的安全、卫生和设备满意吗？", "work", 10),
        _factor("N02", "工作安排", "您对排班和工作量满意吗？", "work", 10),
        _factor("N03", "工具与配件", "干活需要的工具、配件和系统是否顺手？", "work", 10),
        _factor("N04", "培训", "公司的培训对您的工作有帮助吗？", "growth", 10),
        _factor("N05", "发展机会", "您在这里有成长和晋升的机会吗？", "growth", 10),
        _factor("N06", "收入公平", "您觉得自己的收入与付出相称吗？", "pay", 15),
        _factor("N07", "提成透明", "您清楚自己的提成是怎么算出来的吗？", "pay", 10),
        _factor("N08", "上级支持", "您的直接上级是否公正、愿意帮您解决问题？", "people", 10),
        _factor("N09", "部门协作", "各班组、各部门之间配合顺畅吗？", "people", 10),
        _factor("N10", "意见被听取", "您提的意见有人听、有答复吗？", "people", 5),
        ShippedQuestion("NZT", "总体满意", "总的来说，您对在本店工作满意吗？（1–10 分）", is_overall=True),
        ShippedQuestion("NTJ", "推荐雇主", "您有多大可能推荐朋友来本店工作？（0–10 分）", QuestionKind.RECOMMEND),
        ShippedQuestion("NYJ", "想说的话", "您最希望店里改进什么？（匿名，请不要写出姓名）", QuestionKind.TEXT),
    ),
    sections={"work": "工作条件", "growth": "培训与成长", "pay": "收入", "people": "上级与协作"},
)

SHIPPED = (SERVICE_CSI, TEN_QUESTIONS, SALES_SSI, MONTHLY_SURVEY, EXPECTATIONS, FACTORY_SURVEY, STAFF_SURVEY)
