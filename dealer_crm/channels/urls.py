from dealer_crm.access.permissions import Permission
from dealer_crm.access.routes import page, public_page
from dealer_crm.channels.views import hooks, outbox, state, wordings

app_name = "channels"
urlpatterns = [
    page("", outbox.message_list, Permission.MESSAGE_VIEW, name="outbox"),
    page("<int:pk>/", outbox.message, Permission.MESSAGE_VIEW, name="message"),
    page("<int:pk>/withdraw/", outbox.withdraw, Permission.MESSAGE_SEND, name="withdraw"),
    page("<int:pk>/again/", outbox.again, Permission.MESSAGE_SEND, name="again"),
    page("<int:pk>/address/", outbox.reveal, Permission.MESSAGE_SEND, name="reveal"),
    page("in/", outbox.answer_list, Permission.MESSAGE_VIEW, name="texts_in_list"),
    page("figures/", outbox.figures, Permission.MESSAGE_VIEW, name="figures"),
    page("wordings/", wordings.wording_list, Permission.WORDING_CHANGE, name="wordings"),
    page("wordings/<str:code>/<str:purpose>/", wordings.wording, Permission.WORDING_CHANGE, name="wording"),
    page(
        "wordings/<str:code>/<str:purpose>/preview/", wordings.preview, Permission.WORDING_CHANGE,
        name="wording_preview",
    ),
    page(
        "wordings/<str:code>/<str:purpose>/shipped/", wordings.as_shipped, Permission.WORDING_CHANGE,
        name="wording_shipped",
    ),
    page("state/", state.state, Permission.CHANNEL_TEST, name="state"),
    public_page("receipts/", hooks.receipts, name="receipts"),
    public_page("answers/", hooks.texts_in, name="answers"),
]  # fmt: skip
