"""Invented people, cars and works, as one meets them in a dealership. Nothing here is anybody's real record."""

# ruff: noqa: E501, SIM905 - lists of words are read as lines of words

from dataclasses import dataclass
from decimal import Decimal
from random import Random

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN = (
    "伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀英 霞 平 刚 桂英 建华 文静 志强 海燕 晓东 雪梅 浩然 子涵 雨欣 "
    "俊杰 思远 嘉怡 梓轩 欣怡 宇航 诗涵 一诺 浩宇 建国 国庆 春梅 玉兰 婷婷 鹏飞 晨曦 佳琪 天宇 若曦 慧敏 振华 立新 红梅 永强 "
    "少华 家豪 淑珍 秋菊 新民 卫东 爱华 云飞 楚楚"
).split()
COMPANIES = "恒信物流 远大建材 盛世传媒 东方机电 华通贸易 瑞丰食品 安达出租 中诚置业 新纪元软件 和平医药 长江运输 金海岸酒店".split()
ROADS = "中山路 人民路 解放路 建设大道 长江路 和平街 文化路 迎宾大道 友谊路 青年路 新华路 光明街".split()
AREAS = "东城区 西城区 高新区 开发区 江北区 滨湖区 城南新区 老城区".split()
SYMPTOMS = (
    "冷车启动时有异响，热车后消失",
    "刹车踩下去方向盘轻微抖动",
    "空调制冷效果差，出风口有异味",
    "仪表盘亮发动机故障灯，油耗偏高",
    "过减速带底盘咯噔响",
    "车辆跑偏，需四轮定位",
    "右前轮胎压经常报警",
    "按保养手册做定期保养",
    "倒车影像偶尔黑屏",
    "蓄电池亏电，早上打不着火",
)
MODELS = {
    "别克": (
        ("君威", "LSGGG"),
        ("君越", "LSGGA"),
        ("英朗", "LSGPC"),
        ("昂科威", "LSGXE"),
        ("GL8", "LSGUA"),
        ("微蓝6", "LSGKR"),
    ),
    "雪佛兰": (("科鲁泽", "LSGPB"), ("迈锐宝XL", "LSGZJ"), ("探界者", "LSGXK")),
    "凯迪拉克": (("CT5", "LSGAR"), ("XT4", "LSGNB"), ("XT5", "LSGNR")),
}


@dataclass(frozen=True)
class Work:
    """A labour operation with its standard hours and the parts that usually go with it (name, price, quantity)."""

    code: str
    name: str
    hours: Decimal
    parts: tuple[tuple[str, str, int], ...] = ()
    is_paint: bool = False


def _work(code, name, hours, *parts, is_paint=False):
    return Work(code, name, Decimal(hours), tuple(parts), is_paint)


MAINTENANCE = (
    _work("BY01", "更换机油机滤", "0.80", ("全合成机油 5W-30 4L", "368", 1), ("机油滤清器", "48", 1)),
    _work("BY02", "更换空气滤清器", "0.20", ("空气滤清器", "86", 1)),
    _work("BY03", "更换空调滤清器", "0.30", ("空调滤清器", "98", 1)),
    _work("BY04", "清洗节气门", "0.60", ("节气门清洗剂", "65", 1)),
    _work("BY05", "更换制动液", "0.80", ("制动液 DOT4", "120", 1)),
    _work("BY06", "四轮换位及动平衡", "1.00"),
)
REPAIRS = (
    _work("XL01", "更换前制动片", "1.20", ("前制动片", "420", 1)),
    _work("XL02", "更换火花塞", "1.00", ("铱金火花塞", "118", 4)),
    _work("XL03", "更换蓄电池", "0.40", ("免维护蓄电池 60Ah", "680", 1)),
    _work("XL04", "更换前减振器", "2.60", ("前减振器总成", "560", 2)),
    _work("XL05", "检修空调系统", "1.80", ("制冷剂 R134a", "160", 1)),
    _work("XL06", "更换正时皮带", "4.50", ("正时皮带套件", "880", 1)),
    _work("XL07", "四轮定位", "1.50"),
    _work("XL08", "发动机故障诊断", "1.00"),
    _work("XL09", "更换水泵", "3.20", ("水泵总成", "640", 1), ("防冻液", "95", 2)),
    _work("XL10", "更换轮胎", "0.80", ("轮胎 225/50R17", "780", 2)),
)
PAINT = (
    _work("BP01", "前保险杠喷漆", "3.50", ("前保险杠皮", "760", 1), is_paint=True),
    _work("BP02", "左前门钣金喷漆", "5.00", is_paint=True),
    _work("BP03", "右后翼子板修复喷漆", "6.50", is_paint=True),
    _work("BP04", "更换前大灯总成", "1.20", ("前大灯总成", "1680", 1), is_paint=True),
    _work("BP05", "引擎盖更换喷漆", "4.50", ("引擎盖", "1950", 1), is_paint=True),
)
ACCESSORIES = (
    ("全车防爆膜", "2680"),
    ("行车记录仪", "899"),
    ("真皮座套", "1580"),
    ("脚垫（全包围）", "468"),
    ("底盘装甲", "1280"),
    ("倒车雷达", "680"),
    ("车载香氛", "128"),
    ("后备箱垫", "218"),
)


@dataclass(frozen=True)
class Article:
    """A part or an accessory as the catalogue has it; `cost`: what it is bought for, none of what nobody knows."""

    code: str
    name: str
    price: Decimal
    cost: Decimal | None


_PART_COSTS = ("0.62", "0.70", "0.58", "0.66", "0.74", "0.60", "0.68", "0.72", "0.56", "0.64")
_ACCESSORY_COSTS = ("0.50", "0.55", "0.45", "0.42", "0.58", "0.48", "", "0.40")
"""Of the selling price, in turn."""


def _articles(letters: str, sold: dict[str, str], costs: tuple[str, ...]) -> tuple[Article, ...]:
    return tuple(
        Article(
            f"{letters}{place:03d}", name, Decimal(price),
            (Decimal(price) * Decimal(cost)).quantize(Decimal(1)) if (cost := costs[(place - 1) % len(costs)]) else None,
        )
        for place, (name, price) in enumerate(sold.items(), start=1)
    )  # fmt: skip


PARTS = _articles(
    "PJ",
    {name: price for work in (*MAINTENANCE, *REPAIRS, *PAINT) for name, price, _count in work.parts},
    _PART_COSTS,
)
FITTED = _articles("JP", dict(ACCESSORIES), _ACCESSORY_COSTS)
ARTICLES = {article.name: article for article in (*PARTS, *FITTED)}
SUBLETS = (("轮毂变形修复（外协）", "480"), ("电脑板维修（外协）", "760"), ("玻璃贴膜（外协）", "350"))
SUBLET_COST = Decimal("0.8")
"""Of what the customer pays for outside work."""

CONSUMABLES = ("清洗剂", "擦车布", "砂纸", "原子灰", "稀释剂", "密封胶", "焊丝", "润滑脂")
COMMENTS = (
    "服务态度很好，讲解清楚",
    "等待时间有点长",
    "洗车没有洗干净",
    "交车比承诺的时间晚了半小时",
    "维修质量不错，故障解决了",
    "收费明细讲得很明白",
    "休息区环境舒适",
    "希望预约能更方便",
)

_PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_VIN_VALUES = {**{str(digit): digit for digit in range(10)}, **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
               **dict(zip("JKLMN", range(1, 6), strict=True)), "P": 7, "R": 9,
               **dict(zip("STUVWXYZ", range(2, 10), strict=True))}  # fmt: skip
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def person(random: Random) -> str:
    return random.choice(SURNAMES) + random.choice(GIVEN)


def plate(number: int, province: str = "沪") -> str:
    """A different plate for every number: 沪A10000, 沪A10001 … then the next letter; every ninth is new-energy."""
    letter = _PLATE_LETTERS[number // 90_000 % len(_PLATE_LETTERS)]
    digits = f"{10_000 + number % 90_000:05d}"
    return f"{province}{letter}D{digits}" if number % 9 == 0 else f"{province}{letter}{digits}"


_VIN_YEARS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # no I, O, Q in a VIN


def vin(number: int, prefix: str) -> str:
    """A VIN with a right check digit, different for every number."""
    body = f"{prefix}52U0{_VIN_YEARS[number // 1_000_000 % len(_VIN_YEARS)]}H{number % 1_000_000:06d}"
    total = sum(_VIN_VALUES[char] * weight for char, weight in zip(body, _VIN_WEIGHTS, strict=True))
    check = "0123456789X"[total % 11]
    return body[:8] + check + body[9:]


def mobile(number: int) -> str:
    """A mobile number in E.164 in a range that has been given out."""
    return f"+86{('138', '139', '136', '158', '186', '189')[number % 6]}{number * 7919 % 100_000_000:08d}"
