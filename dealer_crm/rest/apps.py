from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "dealer_crm.rest"
