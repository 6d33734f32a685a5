"""The check-lists a store begins with, until it writes its own. In the language of the shop: they are its own words.

Source: spec `workshop.md` (Three-level inspection).
"""

from workshop.choices import InspectionLevel

POINTS: dict[InspectionLevel, tuple[str, ...]] = {
    InspectionLevel.SELF: ("工单项目全部完成", "螺栓按力矩紧固", "油液无渗漏", "工具旧件已清点"),
    InspectionLevel.TEAM: ("工单项目全部完成", "关键部位复核", "故障码已清除", "装配间隙正常"),
    InspectionLevel.FINAL: ("故障已排除", "试车正常", "油液液位正常", "灯光仪表正常", "内外清洁无损伤"),
}
