"""The rules every store begins with, and their scripts (话术): a supervisor changes them afterwards on the rules page.

Only rules whose calls the program really makes are shipped. Names in braces are filled in on the call page; which there
are stands in `NAMES`. Source: spec `callback.md` (which calls are owed).
"""

from dataclasses import dataclass, field

from callback.choices import RuleCode, ScriptStage
from satisfaction.choices import QuestionnaireKind

# What a script may call by name; the words are those the supervisor types.
NAMES = (
    "客户",
    "门店",
    "专员",
    "车牌",
    "车型",
    "维修项目",
    "服务顾问",
    "交车时间",
    "日期",
    "投诉内容",
    "预约时间",
    "维修建议",
    "销售顾问",
    "活动内容",
    "服务请求",
    "处理结果",
)


@dataclass(frozen=True)
class ShippedRule:
    code: RuleCode
    opens_after_days: int
    closes_after_days: int
    priority: int
    lead_days: tuple[int, ...] = ()
    respects_gap: bool = False
    asks_on_time: bool = False
    questionnaire: QuestionnaireKind | None = None
    within_hours: int | None = None
    script: dict[ScriptStage, str] = field(default_factory=dict)


_REFUSAL = "好的，非常抱歉打扰您了。以后您有任何用车问题，请随时拨打{门店}的服务热线，祝您生活愉快，再见。"
_COMPLAINT = (
    "{客户}，非常抱歉给您带来了不好的感受，您说的情况我已经详细记录下来。"
    "我会马上转给相关负责人，2 小时内一定有专人与您联系，请您放心。"
)
_CLOSING = "感谢您的宝贵意见，后续用车有任何需要请随时联系我们。祝您用车愉快，再见。"

SHIPPED = (
    ShippedRule(
        RuleCode.COMPLAINT_NEXT_DAY,
        opens_after_days=1,
        closes_after_days=1,
        priority=10,
        script={
            ScriptStage.OPENING: "{客户}您好，我是{门店}客服专员{专员}。您之前反映的“{投诉内容}”，我们已经处理完毕，"
            "想占用您一分钟，听听您对处理结果的意见，您看方便吗？",
            ScriptStage.REFUSAL: "好的，不打扰您了。如果您对处理结果还有任何不满意，"
            "请随时与我们联系，再次向您致歉，再见。",
            ScriptStage.QUESTIONS: "1. 负责人是否按约定时间与您联系并处理？\n2. 您对这次的处理结果满意吗？\n"
            "3. 还有没有其他需要我们跟进的地方？",
            ScriptStage.PRAISE: "感谢您的理解与认可，您的监督让我们做得更好。",
            ScriptStage.COMPLAINT: "非常抱歉这次的处理没有让您满意。"
            "您的意见我会立即上报客服主管重新跟进，今天之内给您答复。",
            ScriptStage.CLOSING: "再次为给您带来的不便致歉，感谢您给我们改进的机会，祝您生活愉快，再见。",
            ScriptStage.TEXT: "【{门店}】{客户}您好，您反映的问题我们已处理完毕，今日多次致电未能接通。"
            "如您对结果仍有意见，请回电，我们会继续跟进。",
        },
    ),
    ShippedRule(
        RuleCode.COMPLAINT_SECOND,
        opens_after_days=10,
        closes_after_days=12,
        priority=35,
        respects_gap=True,
        script={
            ScriptStage.OPENING: "{客户}您好，我是{门店}客服专员{专员}。前些天您反映的“{投诉内容}”已经处理完毕，"
            "想再了解一下后来的使用情况，占用您一分钟，您看方便吗？",
            ScriptStage.REFUSAL: _REFUSAL,
            ScriptStage.QUESTIONS: "1. 处理之后，同样的问题有没有再出现？\n2. 您现在对处理结果是否仍然满意？\n"
            "3. 对我们的改进，您还有什么建议？",
            ScriptStage.PRAISE: "谢谢您的肯定，感谢您给我们改正的机会。",
            ScriptStage.COMPLAINT: _COMPLAINT,
            ScriptStage.CLOSING: _CLOSING,
            ScriptStage.TEXT: "【{门店}】{客户}您好，您此前反映的问题处理后如仍有不满意之处，"
            "请随时回电，我们会继续跟进。",
        },
    ),
    ShippedRule(
        RuleCode.BAD_ANSWER,
        opens_after_days=0,
        closes_after_days=1,
        priority=15,
        script={
            ScriptStage.OPENING: "{客户}您好，我是{门店}客服专员{专员}。看到您在这次服务评价中有几项打分不高，"
            "我们非常重视，想了解一下具体情况，您现在方便说几分钟吗？",
            ScriptStage.REFUSAL: _REFUSAL,
            ScriptStage.QUESTIONS: "1. 是哪个环节让您不满意，当时是什么情况？\n2. 您希望我们怎样改进或处理？\n"
            "3. 车辆目前使用是否正常？",
            ScriptStage.PRAISE: "谢谢您的肯定，我会把您的鼓励转达给当时为您服务的同事。",
            ScriptStage.COMPLAINT: _COMPLAINT,
            ScriptStage.CLOSING: "谢谢您直言相告，我们会认真改进，并把结果告诉您。祝您生活愉快，再见。",
            ScriptStage.TEXT: "【{门店}】{客户}您好，感谢您的评价。对您不满意的地方我们深表歉意，"
            "想进一步了解情况但未能接通，方便时请回电，谢谢。",
        },
    ),
    ShippedRule(
        RuleCode.SERVICE_3D,
        opens_after_days=1,
        closes_after_days=3,
        priority=20,
        asks_on_time=True,
        questionnaire=QuestionnaireKind.SERVICE_CSI,
        script={
            ScriptStage.OPENING: "{客户}您好，我是{门店}客服专员{专员}。"
            "您的爱车{车牌}于{交车时间}在我店做了{维修项目}，由服务顾问{服务顾问}接待。想做个简短的回访，大约两分钟，您现在方便吗？",
            ScriptStage.REFUSAL: _REFUSAL,
            ScriptStage.QUESTIONS: "1. 车辆取回后使用是否正常？\n2. 请问车辆是否按约定时间交付给您？\n"
            "3. 下面几个环节请您按 1～10 分打分，10 分为非常满意。",
            ScriptStage.PRAISE: "非常感谢您的认可！我会把您的表扬转达给{服务顾问}和维修同事，这是对我们最大的鼓励。",
            ScriptStage.COMPLAINT: _COMPLAINT,
            ScriptStage.CLOSING: _CLOSING,
            ScriptStage.TEXT: "【{门店}】{客户}您好，感谢您来店服务。多次致电回访未能接通，"
            "您的爱车{车牌}如使用中有任何问题，请随时与服务顾问{服务顾问}联系，祝您用车愉快。",
        },
    ),
    ShippedRule(
        RuleCode.APPOINTMENT_CONFIRM,
        opens_after_days=0,
        closes_after_days=0,
        priority=25,
        lead_days=(1,),
        script={
            ScriptStage.OPENING: "{客户}您好，我是{门店}客服专员{专员}。您的爱车{车牌}预约了{预约时间}到我店，"
            "工位和配件已经为您准备好，跟您确认一下，您能按时到店吗？",
            ScriptStage.REFUSAL: "好的，不打扰您了，您的预约为您保留，如需改期请随时来电，再见。",
            ScriptStage.QUESTIONS: "1. 您能按{预约时间}到店吗？不方便的话，帮您改到什么时间？\n"
            "2. 除预约的项目外，还有没有需要一起检查的地方？\n3. 请带好行驶证和保养手册，到店请找服务顾问接待。",
            ScriptStage.PRAISE: "谢谢您的配合，到店即可安排，不用排队。",
            ScriptStage.COMPLAINT: _COMPLAINT,
            ScriptStage.CLOSING: "好的，{预约时间}我们恭候您的光临，路上注意安全，再见。",
            ScriptStage.TEXT: "【{门店}】{客户}您好，您的爱车{车牌}预约了{预约时间}到店，如需改期请提前来电。",
        },
    ),
    ShippedRule(
        RuleCode.APPOINTMENT_MISSED,
        opens_after_days=0,
        closes_after_days=0,
        priority=30,
        script={
            ScriptStage.OPENING: "{客户}您好，我是{门店}客服专员{专员}。您的爱车{车牌}预约了{预约时间}到店，"
            "我们没有等到您，想问一下是不是临时有事，您现在方便吗？",
            ScriptStage.REFUSAL: "好的，不打扰您了，您方便的时候随时来电，我们再为您安排，再见。",
            ScriptStage.QUESTIONS: "1. 今天没能到店，是什么原因？\n2. 车辆目前使用是否正常？\n"
            "3. 我帮您重新约个时间，您看哪天方便？",
            ScriptStage.PRAISE: "谢谢您的理解，期待您的光临。",
            ScriptStage.COMPLAINT: _COMPLAINT,
            ScriptStage.CLOSING: "好的，新的时间已经为您安排好，到时见，祝您用车愉快，再见。",
            ScriptStage.TEXT: "【{门店}】{客户}您好，您的爱车{车牌}预约{预约时间}未能到店，"
            "需要重新预约请回电，我们优先安排。",
        },
    ),
    ShippedRule(
        RuleCode.INSURANCE_RENEWAL,
        opens_after_days=0,
        closes_after_days=5,
        priority=40,
        lead_days=(60, 30, 7),
        respects_gap=True,
        script={
            ScriptStage.OPENING: "{客户}您好，我是{门店}客服专员{专员}。您的爱车{车牌}的保险将于{日期}到期，"
            "特意提醒您提前安排续保，您看现在方便说两句吗？",
            ScriptStage.REFUSAL: _REFUSAL,
            ScriptStage.QUESTIONS: "1. 您今年的续保安排好了吗？\n2. 需要我们帮您比较几家保险公司的报价吗？\n"
            "3. 在我店续保，出险可直接定损维修，需要我约个时间请专人给您详细介绍吗？",
            ScriptStage.PRAISE: "谢谢您一直以来对我们的信任。",
            ScriptStage.COMPLAINT: _COMPLAINT,
            ScriptStage.CLOSING: "好的，相关资料我稍后发给您。祝您行车平安，再见。",
            ScriptStage.TEXT: "【{门店}】{客户}您好，您的爱车{车牌}保险将于{日期}到期，请及时续保，避免脱保。"
            "需要报价请回电，我们为您服务。",
        },
    ),
    ShippedRule(
        RuleCode.SUGGESTION,
        opens_after_days=0,
        closes_after_days=3,
        priority=45,
        respects_gap=True,
        script={
            ScriptStage.OPENING: "{客户}您好，我是{门店}客服专员{专员}。您的爱车{车牌}上次来店时，"
            "技师建议您做“{维修建议}”，当时没有做，特意跟您确认一下，您现在方便吗？",
            ScriptStage.REFUSAL: _REFUSAL,
            ScriptStage.QUESTIONS: "1. 这个项目您后来处理了吗，车辆使用是否正常？\n"
            "2. 为了行车安全，需要我帮您约个时间过来处理吗？\n3. 对价格或项目内容还有什么疑问？",
            ScriptStage.PRAISE: "谢谢您的理解，我们会为您准备好工位和配件。",
            ScriptStage.COMPLAINT: _COMPLAINT,
            ScriptStage.CLOSING: "好的，已为您记下。行车中如有异常请随时联系我们，祝您用车愉快，再见。",
            ScriptStage.TEXT: "【{门店}】{客户}您好，您的爱车{车牌}上次检查建议做“{维修建议}”，为了行车安全请尽早安排，"
            "预约请回电。",
        },
    ),
    ShippedRule(
        RuleCode.MAINTENANCE,
        opens_after_days=0,
        closes_after_days=7,
        priority=50,
        lead_days=(14,),
        respects_gap=True,
        script={
            ScriptStage.OPENING: "{客户}您好，我是{门店}客服专员{专员}。根据您爱车{车牌}的保养记录，"
            "预计{日期}前后需要做下一次保养，特意提醒您一下，您现在方便吗？",
            ScriptStage.REFUSAL: _REFUSAL,
            ScriptStage.QUESTIONS: "1. 请问车辆目前行驶了多少公里，使用是否正常？\n"
            "2. 您大概哪天方便过来？我帮您预约，到店不用等。\n3. 除保养外，还有没有需要一起检查的地方？",
            ScriptStage.PRAISE: "谢谢您的认可，期待再次为您服务。",
            ScriptStage.COMPLAINT: _COMPLAINT,
            ScriptStage.CLOSING: "好的，到时见。路上注意安全，祝您用车愉快，再见。",
            ScriptStage.TEXT: "【{门店}】{客户}您好，您的爱车{车牌}预计{日期}前后需要保养，请提前预约，到店优先安排。",
        },
    ),
    ShippedRule(
        RuleCode.SALES_2H,
        opens_after_days=0,
        closes_after_days=0,
        within_hours=2,
        priority=12,
        script={
            ScriptStage.OPENING: "{客户}您好，恭喜您今天提到新车！我是{门店}客服专员{专员}，"
            "想确认一下您是否已平安到家，您现在方便说一分钟吗？",
            ScriptStage.REFUSAL: "好的，您先忙，祝您用车愉快，再见。",
            ScriptStage.QUESTIONS: "1. 新车一路上开得还顺利吗？\n"
            "2. 销售顾问{销售顾问}交车时，功能和注意事项讲解清楚了吗？\n3. 用车上有什么疑问，我马上请专人为您解答。",
            ScriptStage.PRAISE: "谢谢您的认可，我会转告{销售顾问}。",
            ScriptStage.COMPLAINT: _COMPLAINT,
            ScriptStage.CLOSING: "新车磨合期请勿高速急驶，3000 公里前后请来店检查。祝您平安，再见。",
            ScriptStage.TEXT: "【{门店}】{客户}您好，恭喜您喜提新车！用车中有任何问题请随时与我们联系，祝您一路平安。",
        },
    ),
    ShippedRule(
        RuleCode.SALES_3D,
        opens_after_days=1,
        closes_after_days=3,
        priority=16,
        script={
            ScriptStage.OPENING: "{客户}您好，我是{门店}客服专员{专员}。您{日期}提的新车{车型}，这几天使用得还好吗？"
            "想简单了解一下，您现在方便吗？",
            ScriptStage.REFUSAL: _REFUSAL,
            ScriptStage.QUESTIONS: "1. 车辆各项功能都会使用了吗？\n2. 上牌、保险等手续有没有需要协助的？\n"
            "3. 对销售顾问{销售顾问}的服务，您还有什么意见？",
            ScriptStage.PRAISE: "谢谢您的认可，我会转告{销售顾问}。",
            ScriptStage.COMPLAINT: _COMPLAINT,
            ScriptStage.CLOSING: _CLOSING,
            ScriptStage.TEXT: "【{门店}】{客户}您好，感谢您选择我们。新车使用中有任何疑问，请随时来电。",
        },
    ),
    ShippedRule(
        RuleCode.SALES_7D,
        opens_after_days=5,
        closes_after_days=7,
        priority=18,
        questionnaire=QuestionnaireKind.SALES_SSI,
        script={
            ScriptStage.OPENING: "{客户}您好，我是{门店}客服专员{专员}。您{日期}在我店提了新车，"
            "想请您对购车过程打个分，大约三分钟，您现在方便吗？",
            ScriptStage.REFUSAL: _REFUSAL,
            ScriptStage.QUESTIONS: "1. 一周以来，新车使用有没有问题？\n2. 下面几个环节请您打分，10 分为非常满意。",
            ScriptStage.PRAISE: "非常感谢您的认可！我会把您的表扬转达给{销售顾问}。",
            ScriptStage.COMPLAINT: _COMPLAINT,
            ScriptStage.CLOSING: _CLOSING,
            ScriptStage.TEXT: "【{门店}】{客户}您好，感谢您选择我们。对购车过程有任何意见，欢迎随时来电。",
        },
    ),
    ShippedRule(
        RuleCode.RUN_IN_3W,
        opens_after_days=19,
        closes_after_days=21,
        priority=42,
        respects_gap=True,
        script={
            ScriptStage.OPENING: "{客户}您好，我是{门店}客服专员{专员}。您的新车已使用三周，"
            "提醒您留意磨合期保养，您现在方便吗？",
            ScriptStage.REFUSAL: _REFUSAL,
            ScriptStage.QUESTIONS: "1. 请问车辆目前行驶了多少公里？\n2. 有没有异响、油耗偏高等情况？\n"
            "3. 首次保养免费，需要我现在帮您预约吗？",
            ScriptStage.PRAISE: "谢谢您的认可，期待为您服务。",
            ScriptStage.COMPLAINT: _COMPLAINT,
            ScriptStage.CLOSING: "好的，到时见。祝您用车愉快，再见。",
            ScriptStage.TEXT: "【{门店}】{客户}您好，您的新车已使用三周，请留意磨合期保养，首保免费，欢迎来电预约。",
        },
    ),
    ShippedRule(
        RuleCode.FIRST_SERVICE,
        opens_after_days=0,
        closes_after_days=7,
        priority=44,
        lead_days=(30, 10),
        respects_gap=True,
        script={
            ScriptStage.OPENING: "{客户}您好，我是{门店}客服专员{专员}。您的爱车{车牌}的免费首次保养{日期}到期，"
            "系统显示还没有做，特意提醒您一下，您现在方便吗？",
            ScriptStage.REFUSAL: _REFUSAL,
            ScriptStage.QUESTIONS: "1. 请问车辆目前行驶了多少公里？\n2. 首保是否已在别处做过？\n"
            "3. 您哪天方便？我帮您预约，过期将影响质保。",
            ScriptStage.PRAISE: "谢谢您的配合，到店即可安排。",
            ScriptStage.COMPLAINT: _COMPLAINT,
            ScriptStage.CLOSING: "好的，到时见。路上注意安全，祝您用车愉快，再见。",
            ScriptStage.TEXT: "【{门店}】{客户}您好，您的爱车{车牌}免费首保将于{日期}到期，请尽快预约，以免影响质保。",
        },
    ),
    ShippedRule(
        RuleCode.WEEKLY_SAMPLE,
        opens_after_days=0,
        closes_after_days=0,
        priority=22,
        questionnaire=QuestionnaireKind.TEN_QUESTIONS,
        script={
            ScriptStage.OPENING: "{客户}您好，我是{门店}客服专员{专员}。您的爱车{车牌}上周在我店做了{维修项目}，"
            "您被抽中参加本周的服务质量抽查，大约两分钟，您现在方便吗？",
            ScriptStage.REFUSAL: _REFUSAL,
            ScriptStage.QUESTIONS: "下面十个问题，请您如实回答。",
            ScriptStage.PRAISE: "非常感谢您的认可！我会把您的表扬转达给{服务顾问}。",
            ScriptStage.COMPLAINT: _COMPLAINT,
            ScriptStage.CLOSING: _CLOSING,
        },
    ),
    ShippedRule(
        RuleCode.MONTHLY_SURVEY,
        opens_after_days=0,
        closes_after_days=5,
        priority=28,
        questionnaire=QuestionnaireKind.MONTHLY_SURVEY,
        script={
            ScriptStage.OPENING: "{客户}您好，我是{门店}客服专员{专员}。感谢您本月来店，"
            "想请您参加我们的月度满意度调查，大约三分钟，您现在方便吗？",
            ScriptStage.REFUSAL: _REFUSAL,
            ScriptStage.QUESTIONS: "下面十二项，请您根据本月的来店经历打分。",
            ScriptStage.PRAISE: "非常感谢您的认可，我们会继续努力。",
            ScriptStage.COMPLAINT: _COMPLAINT,
            ScriptStage.CLOSING: _CLOSING,
        },
    ),
    ShippedRule(
        RuleCode.SPOT_CHECK,
        opens_after_days=1,
        closes_after_days=1,
        priority=32,
        script={
            ScriptStage.OPENING: "{客户}您好，我是{门店}客服主管{专员}。昨天我们的客服专员给您打过回访电话，"
            "想核实一下通话情况，占用您半分钟，您方便吗？",
            ScriptStage.REFUSAL: _REFUSAL,
            ScriptStage.QUESTIONS: "1. 您是否接到过我店的回访电话？\n2. 您当时的评价是否如实记录？\n"
            "3. 客服专员的态度和用语，您是否满意？",
            ScriptStage.PRAISE: "谢谢您的肯定，我会转告同事。",
            ScriptStage.COMPLAINT: _COMPLAINT,
            ScriptStage.CLOSING: _CLOSING,
        },
    ),
    ShippedRule(
        RuleCode.BIRTHDAY,
        opens_after_days=0,
        closes_after_days=1,
        priority=60,
        respects_gap=True,
        script={
            ScriptStage.OPENING: "{客户}您好，我是{门店}客服专员{专员}。今天是您的生日，"
            "我代表{门店}全体同事祝您生日快乐、平安顺遂！",
            ScriptStage.REFUSAL: "好的，不打扰您了，再次祝您生日快乐，再见。",
            ScriptStage.QUESTIONS: "1. 您的爱车最近使用得还好吗？\n2. 本月来店，凭生日可享一份小礼物，需要帮您预约吗？",
            ScriptStage.PRAISE: "谢谢您一直以来的支持。",
            ScriptStage.COMPLAINT: _COMPLAINT,
            ScriptStage.CLOSING: "再次祝您生日快乐，再见。",
            ScriptStage.TEXT: "【{门店}】{客户}您好，今天是您的生日，{门店}全体同事祝您生日快乐、平安顺遂！",
        },
    ),
    ShippedRule(
        RuleCode.DORMANT,
        opens_after_days=0,
        closes_after_days=30,
        priority=70,
        respects_gap=True,
        script={
            ScriptStage.OPENING: "{客户}您好，我是{门店}客服专员{专员}。您有一段时间没来店里了，"
            "想关心一下您爱车的使用情况，您现在方便吗？",
            ScriptStage.REFUSAL: _REFUSAL,
            ScriptStage.QUESTIONS: "1. 车辆现在还在使用吗？是否已经更换？\n2. 这段时间在哪里保养？为什么没有来我店？\n"
            "3. 来店可做一次免费检测，需要帮您预约吗？",
            ScriptStage.PRAISE: "谢谢您还记得我们，期待再次为您服务。",
            ScriptStage.COMPLAINT: _COMPLAINT,
            ScriptStage.CLOSING: _CLOSING,
            ScriptStage.TEXT: "【{门店}】{客户}您好，好久不见，来店可享一次免费检测，欢迎随时预约。",
        },
    ),
    ShippedRule(
        RuleCode.CAMPAIGN,
        opens_after_days=0,
        closes_after_days=14,
        priority=75,
        respects_gap=True,
        script={
            ScriptStage.OPENING: "{客户}您好，我是{门店}客服专员{专员}，有一项服务活动想告诉您，您现在方便吗？",
            ScriptStage.REFUSAL: _REFUSAL,
            ScriptStage.QUESTIONS: "1. {活动内容}\n2. 您近期方便来店吗？需要帮您预约吗？",
            ScriptStage.PRAISE: "谢谢您的支持，欢迎来店。",
            ScriptStage.COMPLAINT: _COMPLAINT,
            ScriptStage.CLOSING: _CLOSING,
            ScriptStage.TEXT: "【{门店}】{客户}您好，{活动内容}",
        },
    ),
    ShippedRule(
        RuleCode.SERVICE_REQUEST,
        opens_after_days=1,
        closes_after_days=7,
        priority=24,
        respects_gap=True,
        script={
            ScriptStage.OPENING: "{客户}您好，我是{门店}客服专员{专员}。您之前提出的“{服务请求}”，"
            "同事反馈已经处理完毕，想跟您确认一下结果，您现在方便吗？",
            ScriptStage.REFUSAL: _REFUSAL,
            ScriptStage.QUESTIONS: "1. 我们的同事是否及时与您联系？\n2. 事情是否已经解决？（登记结果：{处理结果}）\n"
            "3. 对这次服务，您还有什么意见？",
            ScriptStage.PRAISE: "谢谢您的认可，我会转告同事。",
            ScriptStage.COMPLAINT: _COMPLAINT,
            ScriptStage.CLOSING: _CLOSING,
            ScriptStage.TEXT: "【{门店}】{客户}您好，您提出的“{服务请求}”已处理完毕，如仍有问题，请随时回电，谢谢。",
        },
    ),
)
