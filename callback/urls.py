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
    page("agents/<int:pk>/hand-over/", views.hand_over, Permission.CALL_ASSIGN, name="hand_over"),
    page("live/", views.live, Permission.CALL_VIEW, name="live"),
    # Questions for departments
    page("referrals/", views.referrals.sheet, Permission.CALL_VIEW, name="sheet"),
    page("referrals/print/", views.referrals.sheet_print, Permission.CALL_VIEW, name="sheet_print"),
    page("referrals/mine/", views.referrals.my_questions, Permission.REFERRAL_ANSWER, name="my_questions"),
    page("referrals/<int:pk>/", views.referrals.referral, Permission.CALL_VIEW, name="referral"),
    page("referrals/<int:pk>/answer/", views.referrals.answer, Permission.REFERRAL_ANSWER, name="referral_answer"),
    page("referrals/<int:pk>/hand-on/", views.referrals.hand_on, Permission.CALL_TAKE, name="referral_hand_on"),
    page("referrals/<int:pk>/agree/", views.referrals.agree, Permission.CALL_TAKE, name="referral_agree"),
    page("referrals/<int:pk>/confirm/", views.referrals.confirm, Permission.CALL_TAKE, name="referral_confirm"),
    page("referrals/<int:pk>/withdraw/", views.referrals.withdraw, Permission.CALL_TAKE, name="referral_withdraw"),
    page("<int:pk>/refer/", views.referrals.refer, Permission.CALL_TAKE, name="refer"),
    page("contacts/<int:pk>/refer/", views.referrals.refer_contact, Permission.CALL_TAKE, name="refer_contact"),
    # New cars
    page("handovers/", views.handovers.handover_list, Permission.CALL_VIEW, name="handovers"),
    page("handovers/new/", views.handovers.handover_new, Permission.HANDOVER_CREATE, name="handover_new"),
    page(
        "handovers/<int:pk>/withdraw/",
        views.handovers.handover_withdraw,
        Permission.CALL_RULE_CHANGE,
        name="handover_withdraw",
    ),
    # How agents speak
    page("quality/", views.quality.quality, Permission.CALL_VIEW, name="quality"),
    page("contacts/<int:pk>/score/", views.quality.score, Permission.CALL_VIEW, name="score"),
    page("contacts/<int:pk>/comment/", views.quality.comment, Permission.CALL_TAKE, name="score_comment"),
    page("honesty/", views.honesty.honesty, Permission.CALL_SCORE, name="honesty"),
    page("honesty/review/", views.honesty.review, Permission.CALL_SCORE, name="honesty_review"),
    page("log/", views.logs.log, Permission.CALL_TAKE, name="log"),
    page("log/print/", views.logs.log_print, Permission.CALL_TAKE, name="log_print"),
    page("log/<int:pk>/read/", views.logs.log_read, Permission.CALL_ASSIGN, name="log_read"),
    # Contacts, figures, rules
    page("customers/<int:pk>/refuse/", views.refuse, Permission.CALL_TAKE, name="refuse"),
    page("customers/<int:pk>/allow/", views.allow, Permission.CALL_TAKE, name="allow"),
    page("incoming/", views.records.incoming, Permission.CALL_TAKE, name="incoming"),
    page("incoming/<int:pk>/", views.records.incoming_from, Permission.CALL_TAKE, name="incoming_from"),
    page("facts/", views.records.facts, Permission.CALL_TAKE, name="facts"),
    page("contacts/<int:pk>/", views.records.record, Permission.CALL_VIEW, name="record"),
    page("contacts/", views.contact_list, Permission.CALL_VIEW, name="contacts"),
    page("customers/<int:pk>/", views.customer_contacts, Permission.CALL_VIEW, name="customer"),
    page("wrong-numbers/", views.wrong_number_list, Permission.CALL_VIEW, name="wrong_numbers"),
    page("figures/", views.figures, Permission.CALL_VIEW, name="figures"),
    page("programme/", views.programme, Permission.CALL_VIEW, name="programme"),
    page("rules/", views.rule_list, Permission.CALL_VIEW, name="rules"),
    page("rules/<int:pk>/", views.rule, Permission.CALL_RULE_CHANGE, name="rule"),
]
