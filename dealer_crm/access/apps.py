from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "dealer_crm.access"
