from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from dealer_crm.notices import actions, queries

SHOWN = 200


def bell(request):
    """The number at the bell; asked every minute by every open page, so it is one count over a partial index."""
    return render(request, "notices/list.html#bell", {"unread": queries.unread_count(request.user)})


def notice_list(request):
    return render(request, "notices/list.html", {"notices": queries.notices_of(request.user)[:SHOWN]})


def notice_open(request, pk):
    """Note it as read and go to what it speaks of."""
    notice = get_object_or_404(queries.notices_of(request.user), pk=pk)
    actions.mark_read(notice=notice, by=request.user, at=timezone.now())
    safe = url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return redirect(notice.url if safe else "notices:list")


def notices_read(request):
    if request.method == "POST":
        actions.mark_all_read(by=request.user, at=timezone.now())
    return redirect("notices:list")
