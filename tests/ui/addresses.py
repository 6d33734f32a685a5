"""Addresses for the tests of the face: its own pages, the notices and a few pages that play the apps' part."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

from dealer_crm.access.permissions import Permission
from dealer_crm.access.routes import page
from dealer_crm.ui import urls as ui_urls
from dealer_crm.values import Refusal


def orders(request):
    return HttpResponse("orders")


def saved(request):
    messages.success(request, "已保存")
    return HttpResponse("row", headers={"HX-Trigger": "row-saved"}) if request.GET.get("stay") else redirect("orders")


def refused(request):
    raise Refusal("此工单已结算。", details=["先红冲结算单"])


def broken(request):
    raise RuntimeError("broken on purpose")


# The gallery's own addresses belong to the face, as they do with DEBUG.
_face = [*ui_urls.urlpatterns, *ui_urls.gallery_pages()]
urlpatterns = [
    path("", include((_face, "ui"))),
    path("notices/", include("dealer_crm.notices.urls")),
    page("orders/", orders, Permission.ORDER_VIEW, name="orders"),
    page("orders/old/", orders, Permission.ORDER_VIEW, name="old_orders"),
    page("runs/", orders, Permission.RUN_LOCK, name="runs"),
    page("saved/", saved, Permission.HOME_VIEW, name="saved"),
    page("refused/", refused, Permission.HOME_VIEW, name="refused"),
    page("broken/", broken, Permission.HOME_VIEW, name="broken"),
]

handler400 = "dealer_crm.ui.views.bad_request"
handler403 = "dealer_crm.ui.views.permission_denied"
handler404 = "dealer_crm.ui.views.page_not_found"
handler500 = "dealer_crm.ui.views.server_error"
