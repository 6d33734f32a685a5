"""Words of the operations catalogue (工时定额)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Skill(models.TextChoices):
    """What a work asks of the technician who does it."""

    MAINTENANCE = "maintenance", _("Maintenance")  # 保养
    MECHANICAL = "mechanical", _("Mechanics")  # 机修
    ELECTRICAL = "electrical", _("Electrics")  # 电器
    DIAGNOSIS = "diagnosis", _("Diagnosis")  # 诊断
    HIGH_VOLTAGE = "high_voltage", _("High voltage")  # 新能源高压
    BODY = "body", _("Body work")  # 钣金
    PAINT = "paint", _("Painting")  # 喷漆
    FITTING = "fitting", _("Accessory fitting work")  # 加装
