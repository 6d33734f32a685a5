"""The words every store begins with; a supervisor changes them on the wordings page. Names in braces are filled in.

What is said instead of a call stands with its rule (话术, stage "text message").
"""

from dealer_crm.channels.choices import Purpose

NAMES = {
    Purpose.SURVEY: ("门店", "客户", "车牌", "服务顾问", "链接", "天数"),
    Purpose.ALARM: ("门店", "内容"),
    Purpose.TEST: ("门店", "人员", "时间"),
}
"""What a wording may call by name; the words are those the supervisor types."""

WORDINGS = {
    Purpose.SURVEY: "【{门店}】{客户}您好，感谢您到店服务。诚邀您用一分钟评价本次服务：{链接} （{天数}天内有效）",
    Purpose.ALARM: "【{门店}】{内容}",
    Purpose.TEST: "【{门店}】通道测试：{人员} {时间}",
}

EXAMPLES = {
    "门店": "北京远航店",
    "客户": "王伟先生",
    "车牌": "京A12345",
    "服务顾问": "李明",
    "链接": "https://crm.example.cn/satisfaction/s/2mQx8dKc",
    "天数": "7",
    "内容": "TS-2610-0012：“首次答复”应于 10-15 11:00 前完成",
    "人员": "陈静",
    "时间": "10:00",
}
"""Stand in the preview for what is filled in."""
