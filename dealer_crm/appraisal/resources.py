"""Sheet 考核成绩 of the import workbook. Source: spec `interfaces.md`.

A score that comes by workbook stays as given: no score sheet of the program overwrites it.
"""

from decimal import Decimal

from dealer_crm.appraisal.choices import Origin
from dealer_crm.appraisal.models import Score
from dealer_crm.importing.sheets import Column, SheetResource, StoreCode, register
from dealer_crm.importing.widgets import Code, Month, Number


@register
class ScoreSheet(SheetResource):
    sheet, place, key = "考核成绩", 110, ("period", "staff")

    period = Column("月份", Month(), "period", required=True)
    staff = Column("工号", Code(20), "staff__work_number", required=True, refers="员工")
    score = Column("成绩", Number(places=2, least=Decimal(0), most=Decimal(200)), "score", required=True)

    def known_rows(self, keys):
        return Score.objects.filter(
            period__in={period for period, _staff in keys}, staff__work_number__in={staff for _period, staff in keys}
        )

    def store_of(self, row, book):
        person = book.row("员工", row.get("staff"))
        return StoreCode(person.get("store")) if person and person.get("store") else None

    def write(self, new, changed, book):
        scores = [
            Score(staff_id=book.pk("员工", row.get("staff")), period=row.get("period"), **self._facts(row, book))
            for row in new
        ]
        for row, score in zip(new, Score.objects.bulk_create(scores, batch_size=2000), strict=True):
            row.pk = score.pk
        Score.objects.bulk_update(
            [Score(pk=row.pk, **self._facts(row, book)) for row in changed],
            ["score", "origin", "entered_by", "entered_at"],
        )

    @staticmethod
    def _facts(row, book) -> dict:
        return {"score": row.get("score"), "origin": Origin.IMPORTED, "entered_by": book.by, "entered_at": book.at}
