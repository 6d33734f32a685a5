"""The tree of categories."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.choices import Category
from complaints.models import Topic


class NewTopicForm(forms.Form):
    """A row more: below a main category, or a main one that counts as one of the fixed ones."""

    parent = forms.ModelChoiceField(
        Topic.objects.none(), label=_("main category"), required=False, empty_label=_("none: a main category itself")
    )
    category = forms.ChoiceField(
        label=_("counts as"),
        required=False,
        choices=[("", "—"), *Category.choices],
        help_text=_("Only for a main category."),
    )
    name = forms.CharField(label=_("name"), max_length=40)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Topic.objects.filter(parent=None)


class TopicForm(forms.Form):
    name = forms.CharField(label=_("name"), max_length=40, required=False)
    place = forms.IntegerField(label=_("place in the list"), min_value=0, max_value=999)
    is_used = forms.BooleanField(label=_("in use"), required=False)
