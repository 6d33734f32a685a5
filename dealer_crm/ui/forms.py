"""How forms become markup: `{{ form }}` and `{{ form.plate.as_field_group }}` come out in the house style.

Apps write plain Django forms. The renderer puts the classes on the widgets, makes date and time inputs native and
sets figures flush right, so no form has to say so.
"""

import re

from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.renderers import TemplatesSetting
from django.utils.translation import pgettext

_CLASSES = {
    "select.html": "form-select",
    "textarea.html": "form-control",
    "checkbox.html": "form-check-input",
    "checkbox_option.html": "form-check-input",
    "number.html": "form-control num",
    "file.html": "form-control",
    "clearable_file_input.html": "form-control",
    "hidden.html": "",
    "multiple_hidden.html": "",
    "radio.html": "",
    "checkbox_select.html": "",
    "splitdatetime.html": "",
}
_NATIVE = {"date.html": "date", "datetime.html": "datetime-local", "time.html": "time"}
_ADMIN = re.compile(r"\bv[A-Z]")  # the admin site's own widgets (vDateField …) keep their own looks


class TablerRenderer(TemplatesSetting):
    """Django's renderer with the house's templates and classes (settings: `FORM_RENDERER`)."""

    form_template_name = "ui/forms/form.html"
    formset_template_name = "ui/forms/formset.html"
    field_template_name = "ui/forms/field.html"

    def render(self, template_name, context, request=None):
        widget = context.get("widget")
        if isinstance(widget, dict) and not _ADMIN.search(str(widget["attrs"].get("class", ""))):
            context = {**context, "widget": _dressed(template_name.rpartition("/")[2], widget)}
        return super().render(template_name, context, request)


def _dressed(kind: str, widget: dict) -> dict:
    attrs = dict(widget["attrs"])
    classes = [_CLASSES.get(kind, "form-control"), attrs.get("class", "")]
    if str(attrs.get("aria-invalid", "")).lower() == "true":
        classes.append("is-invalid")
    attrs["class"] = " ".join(filter(None, classes))
    if not attrs["class"]:
        del attrs["class"]
    dressed = {**widget, "attrs": attrs}
    if kind in _NATIVE and widget.get("type") == "text":
        dressed["type"] = _NATIVE[kind]
    if kind == "select.html":
        dressed["optgroups"] = _without_dashes(widget)
    if kind == "number.html":
        attrs.setdefault("inputmode", "decimal")
        attrs.setdefault("autocomplete", "off")
    return dressed


def _without_dashes(widget: dict) -> list[tuple]:
    """The groups of a list's options; where Django's row of dashes stands for no choice, words do."""
    [(_nothing, dashes)] = BLANK_CHOICE_DASH
    words = pgettext("of a list", "Please choose") if widget.get("required") else "—"
    return [
        (group, [{**one, "label": words} if one["label"] == dashes else one for one in options], place)
        for group, options, place in widget["optgroups"]
    ]
