"""The progress board (维修进度看板): at the desk, on the wall, and masked in the customers' lounge.

Screens ask again by themselves; while nothing has changed the answer is 304 after two small queries. When something
has, or the minute has, the first screen that asks has the board made, and the others are given the same.
"""

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import condition
from django.views.decorators.vary import vary_on_headers

from dealer_crm.access.permissions import Permission
from dealer_crm.ui.stores import store_asked
from workshop import formulas, queries

_TONES = {"late": "danger", "soon": "warning"}
"""What a number of the board may be opened into, and the colour of its cars."""
KEPT_SECONDS = 30
"""A little longer than the twenty seconds after which every screen has asked once."""


def _etag(request, **_kwargs) -> str:
    """Asked for once in a request, however often it is needed."""
    if not hasattr(request, "board_etag"):
        mark = queries.board_fingerprint(store_asked(request), timezone.now())
        shown_to = int(_may_open(request)) if request.htmx else f"page-{request.user.pk}"
        request.board_etag = f'"{mark}-{get_language()}-{shown_to}-{_asked(request)}"'
    return request.board_etag


def _asked(request) -> str:
    """Which cars alone are asked for: those that are late, those soon due, or all ("")."""
    show = request.GET.get("show", "")
    return show if show in _TONES else ""


def _may_open(request) -> bool:
    return request.user.can(Permission.ORDER_VIEW)


def _screen(request, template: str):
    """The page, or for a screen that asks again the board alone, which is the same for all with the same mark."""
    if not request.htmx:
        answer = render(request, template, _context(request))
    else:
        key = f"{template}:{_etag(request)}"
        board = cache.get(key)
        if board is None:
            board = render_to_string(f"{template}#board", _context(request), request)
            cache.set(key, board, KEPT_SECONDS)
        answer = HttpResponse(board)
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


def _context(request) -> dict:
    at, store = timezone.now(), store_asked(request)
    columns, show = queries.board_columns(store, at), _asked(request)
    cars = sum(len(column.cars) for column in columns)
    return {
        "columns": [column.only(_TONES[show]) for column in columns] if show else columns,
        "show": show,
        "cars": cars,
        "late": sum(column.late for column in columns),
        "soon": sum(column.soon for column in columns),
        "density": formulas.density(cars),
        "store": store,
        "may_open": _may_open(request),
        "now": at,
    }


@vary_on_headers("HX-Request", "Cookie")
@condition(etag_func=_etag)
def board(request):
    """For desks and telephones, with links to the orders."""
    return _screen(request, "workshop/board.html")


@vary_on_headers("HX-Request", "Cookie")
@condition(etag_func=_etag)
def wall(request):
    """For the screen in the shop: no scrolling, no pointer."""
    return _screen(request, "workshop/wall.html")


@vary_on_headers("HX-Request", "Cookie")
@condition(etag_func=_etag)
def lounge(request):
    """For the customers' lounge: masked plates, no names."""
    return _screen(request, "workshop/lounge.html")
