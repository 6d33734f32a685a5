from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "dealer_crm.ui"
