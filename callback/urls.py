from callback import views
from dealer_crm.access.permissions import Permission
from dealer_crm.access.routes import page

app_name = "callback"
urlpatterns = [
    # The agent's desk
    page("call/", views.call, Permission.CALL_TAKE, name="call"),
    page("call/next/", views.next_call, Permission.CALL_TAKE, name="next_call"),
    page("catch-up/", views.catch_up, Permission.CALL_TAKE, name="catch_up"),
    page("<int:pk>/take/", views.take, Permission.CALL_TAKE, name="take"),
    page("<int:pk>/keep/", views.keep, Permission.CALL_TAKE, name="keep"),
    page("<int:pk>/release/", views.release, Permission.CALL_TAKE, name="release"),
    page("<int:pk>/phone/", views.phone, Permission.CALL_TAKE, name="phone"),
    page("<int:pk>/outcome/", views.outcome, Permission.CALL_TAKE, name="outcome"),
    page("<int:pk>/complaint/", views.complaint, Permission.COMPLAINT_CREATE, name="complaint"),
    # The queue
    page("", views.queue, Permission.CALL_VIEW, name="queue"),
    page("<int:pk>/", views.task, Permission.CALL_VIEW, name="task"),
    page("<int:pk>/assign/", views.assign, Permission.CALL_ASSIGN, name="assign"),
    page("<int:pk>/send-back/", views.send_back, Permission.CALL_ASSIGN, name="send_back"),
    page("live/", views.live, Permission.CALL_VIEW, name="live"),
    # Contacts, figures, rules
    page("contacts/", views.contact_list, Permission.CALL_VIEW, name="contacts"),
    page("customers/<int:pk>/", views.customer_contacts, Permission.CALL_VIEW, name="customer"),
    page("wrong-numbers/", views.wrong_number_list, Permission.CALL_VIEW, name="wrong_numbers"),
    page("figures/", views.figures, Permission.CALL_VIEW, name="figures"),
    page("rules/", views.rule_list, Permission.CALL_VIEW, name="rules"),
    page("rules/<int:pk>/", views.rule, Permission.CALL_RULE_CHANGE, name="rule"),
]
