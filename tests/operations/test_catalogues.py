from pathlib import Path

import polib
import pytest

from dealer_crm import catalogues
from dealer_crm.catalogues import Collected, Text, faults, home_of, texts_in_python, texts_in_template, update


def test_python_texts_are_found_under_every_name_of_the_functions():
    source = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext as many, pgettext, npgettext
_("one")
gettext_lazy("two " "halves")
many("%(n)s car", "%(n)s cars", n)
pgettext("noun", "order")
npgettext("noun", "call", "calls", n)
translation.gettext("dotted")
_(variable)
other("not a text")
"""
    assert list(texts_in_python(source)) == [
        Text("one"),
        Text("two halves"),
        Text("%(n)s car", "%(n)s cars"),
        Text("order", context="noun"),
        Text("call", "calls", "noun"),
        Text("dotted"),
    ]


def test_template_texts_are_found_in_tags_blocks_variables_and_attributes_of_components():
    source = """
{% translate "plain" %} {% trans 'quoted' as word %} {% translate "order" context "noun" %}
{% blocktranslate trimmed with n=order.number %}
  Order {{ n }}
  is 100% ready
{% endblocktranslate %}
{% blocktranslate count n=cars|length %}{{ n }} car{% plural %}{{ n }} cars{% endblocktranslate %}
{{ value|default:_("nothing") }} {% if x == _("yes") %}{% endif %}
<c-button label="{% translate 'Save' %}" :title="_('Title')" /> {% translate "100% sure" %}
{# {% translate "in a remark" %} #}{% comment %}{% translate "put aside" %}{% endcomment %}
"""
    assert list(texts_in_template(source)) == [
        Text("Title"),
        Text("plain"),
        Text("quoted"),
        Text("order", context="noun"),
        Text("Order %(n)s is 100%% ready"),
        Text("%(n)s car", "%(n)s cars"),
        Text("nothing"),
        Text("yes"),
        Text("Save"),
        Text("100%% sure"),
    ]


@pytest.mark.parametrize(
    ("file", "home"),
    [
        ("reception/models/money.py", "reception"),
        ("dealer_crm/journal/models.py", "dealer_crm/journal"),
        ("templates/reception/order.html", "reception"),
        ("templates/organization/staff.html", "dealer_crm/organization"),
        ("templates/components/card.html", "dealer_crm"),
        ("templates/base.html", "dealer_crm"),
        ("dealer_crm/values/money.py", "dealer_crm"),
    ],
)
def test_a_text_belongs_to_the_catalogue_of_its_app(file, home):
    assert home_of(Path(file)) == Path(home)


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    return tmp_path / "app" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def collected(*texts):
    found = Collected()
    for text in texts:
        found.add(text, "app/models.py")
    return found


def test_translations_stay_new_texts_come_in_empty_and_unused_ones_go(catalogue):
    update(catalogue, collected(Text("car"), Text("old word")))
    entries = polib.pofile(str(catalogue))
    for entry in entries:
        entry.msgstr = {"car": "车", "old word": "旧词"}[entry.msgid]
    entries.save()
    update(catalogue, collected(Text("car"), Text("%(n)s car", "%(n)s cars")))
    after = {entry.msgid: entry.msgstr or entry.msgstr_plural for entry in polib.pofile(str(catalogue))}
    assert after == {"car": "车", "%(n)s car": {0: ""}}


def test_a_text_used_alone_and_in_plural_is_one_entry(catalogue):
    update(catalogue, collected(Text("car"), Text("car", "cars"), Text("car")))
    assert [(entry.msgid, entry.msgid_plural) for entry in polib.pofile(str(catalogue))] == [("car", "cars")]


def test_every_fault_of_a_catalogue_is_told(catalogue):
    texts = collected(Text("car"), Text("unsure"), Text("%(n)s left"), Text("not yet"))
    update(catalogue, texts)
    entries = polib.pofile(str(catalogue))
    for entry in entries:
        entry.msgstr = {"car": "车", "unsure": "也许", "%(n)s left": "还剩", "not yet": ""}[entry.msgid]
    entries.find("unsure").flags.append("fuzzy")
    entries.append(polib.POEntry(msgid="gone", msgstr="没了"))
    entries.save()
    texts.add(Text("quite new"), "app/views.py")
    assert sorted(fault.split(": ", 1)[1] for fault in faults(catalogue, texts)) == [
        "fuzzy: 'unsure'",
        "missing: 'quite new' (app/views.py)",
        "not translated: 'not yet'",
        "placeholders differ ['%(n)s']: '%(n)s left'",
        "unused: 'gone'",
    ]


def test_compiled_catalogues_speak_chinese(catalogue):
    update(catalogue, collected(Text("car")))
    entries = polib.pofile(str(catalogue))
    entries[0].msgstr = "车"
    entries.save()
    assert catalogues.compile_all() == 1
    assert catalogues.compile_all() == 0
    assert [entry.msgstr for entry in polib.mofile(str(catalogue.with_suffix(".mo")))] == ["车"]
