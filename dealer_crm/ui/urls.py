from django.conf import settings
from django.views.i18n import set_language

from dealer_crm.access.permissions import Permission
from dealer_crm.access.routes import page, public_page
from dealer_crm.ui import api_token, second_factor, views

app_name = "ui"
urlpatterns = [
    page("", views.home, Permission.HOME_VIEW, name="home"),
    page("search/", views.find, Permission.SEARCH_USE, name="search"),
    page("password/", views.change_password, Permission.ACCOUNT_CHANGE, name="password"),
    page("second-factor/", second_factor.second_factor, Permission.ACCOUNT_CHANGE, name="second_factor"),
    page("second-factor/off/", second_factor.second_factor_off, Permission.ACCOUNT_CHANGE, name="second_factor_off"),
    page("api-token/", api_token.api_token, Permission.ACCOUNT_CHANGE, name="api_token"),
    page("api-token/off/", api_token.api_token_off, Permission.ACCOUNT_CHANGE, name="api_token_off"),
    page("sign-out/", views.sign_out, Permission.ACCOUNT_CHANGE, name="sign_out"),
    public_page("sign-in/", views.sign_in, name="sign_in"),
    public_page("sign-in/code/", second_factor.code, name="code"),
    public_page("language/", set_language, name="language"),
]


def gallery_pages():
    """The parts gallery: for those who build pages, so only where DEBUG is on."""
    from dealer_crm.ui import gallery

    return [
        public_page("parts/", gallery.parts, name="parts"),
        public_page("parts/wall/", gallery.wall, name="parts_wall"),
        public_page("parts/print/", gallery.paper, name="parts_print"),
        public_page("parts/toast/", gallery.toast, name="parts_toast"),
        public_page("parts/dialog/", gallery.dialog, name="parts_dialog"),
    ]


if settings.DEBUG:
    urlpatterns += gallery_pages()
