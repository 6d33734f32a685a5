"""The tree of categories every installation begins with; a supervisor changes it afterwards.

Words are what people of the house choose from: Chinese, as data. The main rows have no name of their own: they are
called like what they count as, in the reader's language. Source: spec `complaints.md` (category tree), `callback.md`
(contact records: complaint).
"""

from complaints.choices import Category

TOPICS: dict[Category, tuple[str, ...]] = {
    Category.ATTITUDE: ("接待冷淡", "言语冲突", "推诿不理", "电话无人接听"),
    Category.WAITING: ("接车等待", "维修等待", "结算等待", "交车等待"),
    Category.SKILL: ("一次未修好", "故障诊断错误", "修出新问题", "作业粗糙", "车辆弄脏弄伤"),
    Category.PRICE: ("与报价不符", "收费过高", "未经同意加项", "发票问题"),
    Category.PARTS: ("缺件等待", "配件质量", "非原厂件疑问"),
    Category.PROMISE: ("未按时交车", "首保承诺未兑现", "保修承诺未兑现", "配件服务承诺未兑现", "未按约回电"),
    Category.PRODUCT: ("动力系统", "制动系统", "电器系统", "车身漆面", "异响"),
    Category.SALES: ("交车手续", "赠品未兑现", "合同争议", "试乘试驾"),
    Category.OTHER: (),
}
