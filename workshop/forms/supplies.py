"""Consumables and hour deductions."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff, Team
from workshop.actions import Article
from workshop.choices import WORKSHOP_TEAMS


class ConsumablesForm(forms.Form):
    """Who signs out, and when; what is signed out stands in the rows of `articles_form`."""

    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"))
    issued_to = forms.ModelChoiceField(Staff.objects.none(), label=_("Signed out by"), required=False)
    issued_on = forms.DateField(label=_("Day"))
    late_reason = forms.CharField(
        label=_("Why it comes late"), max_length=200, required=False, widget=forms.TextInput(attrs={"data-wide": True}),
        help_text=_("Only for a day of a month whose pay is locked: it is settled with the next open month."),
    )  # fmt: skip

    def __init__(self, *args, store, technicians, **fields):
        super().__init__(*args, **fields)
        self.fields["team"].queryset = Team.objects.filter(store=store, kind__in=WORKSHOP_TEAMS)
        self.fields["issued_to"].queryset = technicians


class ArticleForm(forms.Form):
    name = forms.CharField(
        label=_("Article"), max_length=120, widget=forms.TextInput(attrs={"list": "articles", "class": "w-wide"})
    )
    quantity = forms.DecimalField(label=_("Quantity"), min_value=Decimal("0.01"), max_digits=10, decimal_places=2)
    amount = forms.DecimalField(label=_("Amount (CNY)"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2)

    def article(self) -> Article:
        return Article(**{name: self.cleaned_data[name] for name in ("name", "quantity", "amount")})


class BaseArticles(forms.BaseFormSet):
    def articles(self) -> list[Article]:
        """The rows that are filled in and not crossed out."""
        gone = self.deleted_forms
        return [form.article() for form in self.forms if form.has_changed() and form not in gone]


Articles = forms.formset_factory(ArticleForm, formset=BaseArticles, can_delete=True, extra=3, max_num=60)


class ConsumablesFilter(forms.Form):
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=_("All"))

    def __init__(self, *args, store, **fields):
        super().__init__(*args, **fields)
        self.fields["team"].queryset = Team.objects.filter(store=store, kind__in=WORKSHOP_TEAMS)


class DeductionForm(forms.Form):
    staff = forms.ModelChoiceField(Staff.objects.none(), label=_("Staff member"))
    deducted_on = forms.DateField(label=_("Day"))
    hours = forms.DecimalField(
        label=_("Hours"), min_value=Decimal("0.01"), max_digits=8, decimal_places=2,
        widget=forms.NumberInput(attrs={"data-unit": _("hours")}),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput(attrs={"data-wide": True}))

    def __init__(self, *args, technicians, **fields):
        super().__init__(*args, **fields)
        self.fields["staff"].queryset = technicians
