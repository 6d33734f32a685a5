"""Plain Django forms come out in the house style."""

import re
from datetime import UTC, date, datetime

import pytest
from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils import timezone, translation

pytestmark = pytest.mark.urls("tests.ui.addresses")


@pytest.fixture(autouse=True)
def _in_chinese():
    with translation.override("zh-hans"), timezone.override("Asia/Shanghai"):
        yield


class CarForm(forms.Form):
    plate = forms.CharField(label="车牌", help_text="含省份")
    mileage = forms.IntegerField(label="里程", widget=forms.NumberInput(attrs={"data-unit": "公里"}))
    on = forms.DateField(label="日期", required=False)
    at = forms.DateTimeField(label="时间", required=False)
    wash = forms.BooleanField(label="洗车", required=False)
    payer = forms.ChoiceField(
        label="付费方", choices=[("c", "客户"), ("w", "索赔")], widget=forms.RadioSelect, required=False
    )
    note = forms.CharField(label="备注", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def test_a_field_has_its_label_required_mark_help_and_class():
    assert str(CarForm()["plate"].as_field_group()).strip() == (
        '<div class="field"><label class="form-label required" for="id_plate">车牌</label>'
        '<input type="text" name="plate" required aria-describedby="id_plate_helptext"'
        ' id="id_plate" class="form-control">'
        '<div class="form-hint" id="id_plate_helptext">含省份</div></div>'
    )


def test_no_choice_yet_is_said_in_words():
    class LineForm(forms.Form):
        team = forms.ChoiceField(choices=[*BLANK_CHOICE_DASH, ("1", "机电一组")])
        helper = forms.ChoiceField(choices=[*BLANK_CHOICE_DASH, ("1", "王小明")], required=False)
        state = forms.ChoiceField(choices=[("", "全部"), ("1", "在修")], required=False)

    shown = [re.search(r'<option value=""[^>]*>([^<]*)<', str(LineForm()[name]))[1] for name in LineForm.base_fields]
    assert shown == ["请选择", "—", "全部"]


def test_an_error_is_tied_to_its_field():
    assert str(CarForm({})["plate"].as_field_group()).strip() == (
        '<div class="field"><label class="form-label required" for="id_plate">车牌</label>'
        '<input type="text" name="plate" required aria-invalid="true"'
        ' aria-describedby="id_plate_helptext id_plate_error"'
        ' id="id_plate" class="form-control is-invalid">'
        '<div class="invalid-feedback d-block" id="id_plate_error"><div>该字段是必填项。</div></div>'
        '<div class="form-hint" id="id_plate_helptext">含省份</div></div>'
    )


def test_a_number_stands_flush_right_with_its_unit():
    assert str(CarForm()["mileage"].as_field_group()).strip() == (
        '<div class="field"><label class="form-label required" for="id_mileage">里程</label><div class="input-group">'
        '<input type="number" name="mileage" data-unit="公里" required id="id_mileage" class="form-control num"'
        ' inputmode="decimal" autocomplete="off"><span class="input-group-text">公里</span></div></div>'
    )


@pytest.mark.parametrize(
    ("field", "value", "markup"),
    [
        ("on", date(2026, 1, 2), '<input type="date" name="on" value="2026-01-02" id="id_on" class="form-control">'),
        (
            "at",
            datetime(2026, 1, 2, 6, 30, tzinfo=UTC),
            '<input type="datetime-local" name="at" value="2026-01-02T14:30" id="id_at" class="form-control">',
        ),
    ],
)
def test_dates_and_times_are_native_inputs(field, value, markup):
    assert str(CarForm(initial={field: value})[field]).strip() == markup


@pytest.mark.parametrize("typed", ["2026-10-05", "2026/10/5", "2026年10月5日", "20261005"])
def test_dates_are_read_as_people_write_them(typed):
    form = CarForm({"plate": "京A12345", "mileage": "1", "on": typed})
    assert (form.is_valid(), form.cleaned_data["on"]) == (True, date(2026, 10, 5))


def test_what_a_native_time_field_sends_is_read_in_store_time():
    form = CarForm({"plate": "京A12345", "mileage": "1", "at": "2026-10-05T14:30"})
    assert (form.is_valid(), form.cleaned_data["at"]) == (True, datetime(2026, 10, 5, 6, 30, tzinfo=UTC))


def test_a_choice_of_radios_is_a_fieldset_with_a_legend():
    assert str(CarForm(initial={"payer": "w"})["payer"].as_field_group()).strip() == (
        '<fieldset class="field"><legend class="form-label">付费方</legend><div id="id_payer" class="choices">'
        '<label class="form-check" for="id_payer_0">'
        '<input class="form-check-input" type="radio" name="payer" value="c"'
        ' id="id_payer_0">'
        '<span class="form-check-label">客户</span></label>'
        '<label class="form-check" for="id_payer_1">'
        '<input class="form-check-input" type="radio" name="payer" value="w"'
        ' id="id_payer_1" checked>'
        '<span class="form-check-label">索赔</span></label></div></fieldset>'
    )


def test_a_tick_stands_before_its_label():
    assert str(CarForm()["wash"].as_field_group()).strip() == (
        '<div class="field"><label class="form-check">'
        '<input type="checkbox" name="wash" id="id_wash" class="form-check-input">'
        '<span class="form-check-label">洗车</span></label></div>'
    )


def test_one_of_many_ticks_drawn_by_itself_is_a_tick():
    class Ticks(forms.Form):
        wanted = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)

    (box,) = Ticks()["wanted"]

    assert 'class="form-check-input"' in box.tag()


def test_the_whole_form_is_a_grid_followed_by_its_hidden_fields():
    markup = str(CarForm())
    assert markup.startswith(
        '<div class="form-grid"><div class="field"><label class="form-label required" for="id_plate">'
    )
    assert markup.strip().endswith('</div><input type="hidden" name="version" id="id_version">')
    assert markup.count('class="field field-wide"') == 1


class LineForm(forms.Form):
    name = forms.CharField(label="名称")


def test_rows_of_a_formset_come_with_a_pattern_for_the_next_one():
    rows = forms.formset_factory(LineForm, can_delete=True, extra=1)(prefix="lines")
    markup = str(rows)
    row = '<input type="text" name="lines-{0}-name" id="id_lines-{0}-name" class="form-control">'
    assert [markup.count(row.format(which)) for which in ("0", "__prefix__", "1")] == [1, 1, 0]
    assert [markup.count(part) for part in ("data-add-row", "data-remove-row", "<template data-empty-row>")] == [
        1,
        2,
        1,
    ]


def test_the_admin_site_keeps_its_own_widgets():
    from django.contrib.admin.widgets import AdminDateWidget

    field = forms.DateField(widget=AdminDateWidget)
    form = type("AdminForm", (forms.Form,), {"on": field})()
    assert 'class="vDateField"' in str(form["on"])
