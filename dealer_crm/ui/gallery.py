"""The parts gallery at /parts/ (only with DEBUG): every part in every state, with long names and with nothing."""

from datetime import date, timedelta
from decimal import Decimal

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from dealer_crm.ui.paging import Page
from dealer_crm.values import Refusal

LONG = "北京市朝阳区宝瑞通汽车销售服务有限公司第三分公司（含二手车置换与精品加装中心）"


class SampleForm(forms.Form):
    plate = forms.CharField(label="车牌号", help_text="新能源车为 8 位")
    vin = forms.CharField(label="车架号 VIN", required=False, max_length=17)
    kind = forms.ChoiceField(
        label="维修类型", choices=[("maintenance", "常规保养"), ("repair", "普通修理"), ("accident", "事故车")]
    )
    promised_at = forms.DateTimeField(label="承诺交车时间")
    purchased_on = forms.DateField(label="购车日期", required=False)
    opens_at = forms.TimeField(label="开始时间", required=False)
    mileage = forms.IntegerField(label="行驶里程", widget=forms.NumberInput(attrs={"data-unit": "公里"}))
    amount = forms.DecimalField(label="预估金额", required=False, widget=forms.NumberInput(attrs={"data-unit": "元"}))
    payer = forms.ChoiceField(
        label="付费方",
        widget=forms.RadioSelect,
        choices=[("customer", "客户"), ("warranty", "索赔"), ("insurance", "保险"), ("internal", "内部")],
    )
    extras = forms.MultipleChoiceField(
        label="附加服务",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("wash", "洗车"), ("parts", "带走旧件"), ("wait", "在店等候")],
    )
    photo = forms.FileField(label="照片", required=False)
    symptoms = forms.CharField(label="客户描述", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    consent = forms.BooleanField(label="客户同意短信通知", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self):
        if self.cleaned_data.get("mileage") == 0:
            raise forms.ValidationError("里程不能比上次少，除非写明原因。")


class LineForm(forms.Form):
    kind = forms.ChoiceField(label="类别", choices=[("labour", "工时"), ("part", "配件"), ("accessory", "精品")])
    name = forms.CharField(label="名称")
    quantity = forms.DecimalField(label="数量", min_value=0)
    price = forms.DecimalField(label="单价")
    install = forms.BooleanField(label="安装", required=False)


class SampleFilter(forms.Form):
    q = forms.CharField(label="车牌、单号", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), ("open", "在店"), ("ready", "待交车")]
    )
    since = forms.DateField(label="进厂自", required=False)
    mine = forms.BooleanField(label="只看我的", required=False)


def parts(request):
    now = timezone.now()
    asked = request.GET.get("q", "")
    wrong = SampleForm({"mileage": "0", "plate": "", "payer": "x", "version": "2"})
    lines = forms.formset_factory(LineForm, can_delete=True, extra=1)
    filled = lines(
        initial=[{"kind": "labour", "name": "更换机油机滤", "quantity": "0.8", "price": "180"}], prefix="lines"
    )
    refused = lines(
        {
            "wrong-TOTAL_FORMS": "1",
            "wrong-INITIAL_FORMS": "0",
            "wrong-0-kind": "part",
            "wrong-0-quantity": "-1",
            "wrong-0-name": LONG,
        },
        prefix="wrong",
    )
    refused.is_valid()
    context = {
        "now": now,
        "long": LONG,
        "none": None,
        "page": Page([row for row in _rows(now) if asked in row["number"]], next="x", previous="y", count=10_001),
        "first_page": Page(_rows(now)[:1], next="x"),
        "tones": ["neutral", "info", "primary", "success", "warning", "danger"],
        "form": SampleForm(initial={"promised_at": now, "purchased_on": date(2024, 5, 6)}),
        "wrong": wrong,
        "lines": filled,
        "refused_lines": refused,
        "filter_form": SampleFilter(request.GET),
        "steps": [
            {"label": "接车", "state": "done", "detail": "11-21 08:42"},
            {"label": "派工", "state": "done", "detail": "08:55"},
            {"label": "维修中", "state": "current", "detail": "已 1 小时 20 分"},
            {"label": "质检", "state": "todo"},
            {"label": "待交车", "state": "todo"},
            {"label": "已结算", "state": "todo"},
            {"label": "已交车", "state": "todo"},
        ],
        "problem_steps": [
            {"label": "已受理", "state": "done", "detail": "11-20 16:02"},
            {"label": "首次回复", "state": "problem", "detail": "超时 35 分"},
            {"label": "已解决", "state": "todo"},
        ],
        "story": [
            {"at": now, "text": "派工给机电一组 张伟", "by": "李主管", "tone": "primary"},
            {
                "at": now - timedelta(minutes=20),
                "text": "增项：更换前刹车片 ¥680.00，客户电话同意",
                "detail": f"承诺时间改为 17:30\n{LONG}",
                "by": "王顾问",
                "tone": "warning",
            },
            {"at": now - timedelta(days=400), "text": "建单", "by": "王顾问"},
        ],
        "facts": [("客户", "赵先生"), ("单位", LONG), ("生日", None), ("余额", Decimal("0.00"))],
        "tabs": [
            {"url": "?tab=1", "label": "全部", "active": True, "count": 128},
            {"url": "?tab=2", "label": "待派工", "count": 0},
            {"url": "?tab=3", "label": "等配件"},
        ],
        "bars": {
            "xAxis": {"type": "category", "data": ["周一", "周二", "周三", "周四", "周五", "周六"]},
            "yAxis": {"type": "value"},
            "legend": {"right": 0},
            "series": [
                {"name": "接车台次", "type": "bar", "data": [32, 28, 35, 30, 41, 52]},
                {"name": "产值（万元）", "type": "line", "data": [6.2, 5.1, 7.0, 5.9, 8.8, 11.2]},
            ],
        },
        "amount": Decimal("1234567.5"),
    }
    return render(request, "ui/gallery.html#rows" if request.htmx else "ui/gallery.html", context)


def _rows(now):
    kinds = [
        ("在修", "primary"),
        ("等配件", "warning"),
        ("待交车", "success"),
        ("超时", "danger"),
        ("草稿", "neutral"),
        ("质检", "info"),
    ]
    return [
        {
            "pk": number,
            "number": f"BJ01-261121-{number:04}",
            "plate": "京AD12345" if number % 2 else "京N8K276",
            "customer": LONG if number == 2 else "赵先生",
            "state": state,
            "tone": tone,
            "promised_at": now + timedelta(minutes=40 - 25 * number),
            "amount": Decimal("386.5") * number**4,
        }
        for number, (state, tone) in enumerate(kinds, start=1)
    ]


def wall(request):
    now = timezone.now()
    stages = [("待派工", 3), ("维修中", 23), ("等待", 2), ("质检", 1), ("待交车", 0)]
    columns = [
        (
            title,
            [
                {"plate": f"京A{i}K{i}28", "due": now + timedelta(minutes=70 - 30 * i), "who": "张伟 / 2 号工位"}
                for i in range(1, count + 1)
            ],
        )
        for title, count in stages
    ]
    template = "ui/gallery_wall.html#board" if request.htmx else "ui/gallery_wall.html"
    return render(request, template, {"columns": columns, "now": now})


def paper(request):
    return render(
        request, "ui/gallery_print.html", {"rows": _rows(timezone.now()), "amount": Decimal("16409.02"), "long": LONG}
    )


def toast(request):
    """A refusal as htmx meets it."""
    refusal = Refusal("此工单已结算，不能再加项目。", details=["先红冲结算单 JS-261121-0007", "再重新结算"])
    return render(request, "ui/toast.html", {"refusal": refusal}, status=422)


def dialog(request):
    if request.method == "POST":
        return HttpResponse(
            status=204, headers={"HX-Trigger": '{"close-dialog": {}, "toast": {"tone": "success", "text": "OK"}}'}
        )
    return render(request, "ui/gallery.html#dialog", {"form": SampleFilter()})
