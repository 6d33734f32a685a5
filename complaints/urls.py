from complaints.views import cases, evidence, goodwill, incidents, intake, judging, knowledge, lists, public, rules
from dealer_crm.access.permissions import Permission
from dealer_crm.access.routes import page, public_page

app_name = "complaints"

# Who may take each step of the loop; the action itself refuses whose turn it is not.
STEP_PERMISSIONS = {
    "reply": Permission.COMPLAINT_REMEDY,
    "advise": Permission.COMPLAINT_ADVISE,
    "decide": Permission.COMPLAINT_DECIDE,
    "remedy": Permission.COMPLAINT_REMEDY,
    "check": Permission.COMPLAINT_DECIDE,
    "ask": Permission.COMPLAINT_ASK,
    "close": Permission.COMPLAINT_DECIDE,
    "pause": Permission.COMPLAINT_REMEDY,
    "resume": Permission.COMPLAINT_REMEDY,
    "arrange": Permission.COMPLAINT_REMEDY,
    "kept": Permission.COMPLAINT_REMEDY,
    "verify": Permission.COMPLAINT_DECIDE,
}

urlpatterns = [
    page("", lists.complaint_list, Permission.COMPLAINT_VIEW, name="list"),
    page("queue/", lists.queue, Permission.COMPLAINT_VIEW_OWN, name="queue"),
    page("month/", lists.month, Permission.COMPLAINT_COUNT_VIEW, name="month"),
    page("new/", intake.complaint_new, Permission.COMPLAINT_CREATE, name="new"),
    page("new/lookup/", intake.lookup, Permission.COMPLAINT_CREATE, name="lookup"),
    page("new/weigh/", intake.weigh, Permission.COMPLAINT_CREATE, name="weigh"),
    page("new/concern/<int:pk>/", intake.concern, Permission.COMPLAINT_CREATE, name="concern"),
    page("rules/", rules.rules, Permission.COMPLAINT_VIEW, name="rules"),
    page("topics/", rules.topics, Permission.COMPLAINT_ADVISE, name="topics"),
    page("topics/<int:pk>/", rules.topic, Permission.COMPLAINT_ADVISE, name="topic"),
    page("poster/", public.poster, Permission.COMPLAINT_CREATE, name="poster"),
    page("poster/print/", public.poster_print, Permission.COMPLAINT_CREATE, name="poster_print"),
    page("poster/code.svg", public.poster_code, Permission.COMPLAINT_CREATE, name="poster_code"),
    public_page("tell/<str:token>/", public.tell, name="public"),
    page("<int:pk>/", cases.complaint_page, Permission.COMPLAINT_VIEW_OWN, name="complaint"),
    page("<int:pk>/amend/", intake.amend, Permission.COMPLAINT_CREATE, name="amend"),
    page("<int:pk>/caller-phone/", cases.caller_phone, Permission.PHONE_REVEAL, name="caller_phone"),
    page("<int:pk>/evidence/", evidence.evidence_add, Permission.COMPLAINT_VIEW_OWN, name="evidence_add"),
    page("evidence/<int:pk>/", evidence.evidence, Permission.COMPLAINT_VIEW_OWN, name="evidence"),
    page("evidence/<int:pk>/small/", evidence.evidence_small, Permission.COMPLAINT_VIEW_OWN, name="evidence_small"),
    page("evidence/<int:pk>/remove/", evidence.evidence_remove, Permission.COMPLAINT_VIEW_OWN, name="evidence_remove"),
    *(
        page(f"<int:pk>/{step}/", cases.step_taken(step), permission, name=step)
        for step, permission in STEP_PERMISSIONS.items()
    ),
]

# Judging, money, knowledge, papers.
urlpatterns += [
    page("about-me/", judging.about_me, Permission.APPEAL_CREATE, name="about_me"),
    page("<int:pk>/appeal/", judging.appeal, Permission.APPEAL_CREATE, name="appeal"),
    page("appeals/", judging.appeals, Permission.APPEAL_DECIDE, name="appeals"),
    page("appeals/<int:pk>/", judging.appeal_decide, Permission.APPEAL_DECIDE, name="appeal_decide"),
    page("goodwill/", goodwill.month, Permission.GOODWILL_VIEW, name="goodwill"),
    page("goodwill/budget/", goodwill.budget, Permission.GOODWILL_BUDGET_CHANGE, name="goodwill_budget"),
    page("goodwill/<int:pk>/approve/", goodwill.approve, Permission.GOODWILL_APPROVE, name="goodwill_approve"),
    page("goodwill/<int:pk>/decline/", goodwill.decline, Permission.GOODWILL_APPROVE, name="goodwill_decline"),
    page("goodwill/<int:pk>/reverse/", goodwill.take_back, Permission.GOODWILL_APPROVE, name="goodwill_reverse"),
    page("<int:pk>/goodwill/", goodwill.ask, Permission.GOODWILL_REQUEST, name="goodwill_new"),
    page("knowledge/", knowledge.knowledge, Permission.KNOWLEDGE_VIEW, name="knowledge"),
    page("knowledge/offered/", knowledge.offered, Permission.KNOWLEDGE_VIEW, name="knowledge_offered"),
    page("knowledge/new/", knowledge.entry_new, Permission.KNOWLEDGE_WRITE, name="knowledge_new"),
    page("knowledge/<int:pk>/", knowledge.entry, Permission.KNOWLEDGE_VIEW, name="knowledge_entry"),
    page("knowledge/<int:pk>/edit/", knowledge.entry_edit, Permission.KNOWLEDGE_WRITE, name="knowledge_edit"),
    page("knowledge/<int:pk>/approve/", knowledge.entry_approve, Permission.KNOWLEDGE_APPROVE,
         name="knowledge_approve"),
    page("knowledge/<int:pk>/withdraw/", knowledge.entry_withdraw, Permission.KNOWLEDGE_APPROVE,
         name="knowledge_withdraw"),
    page("knowledge/<int:pk>/use/", knowledge.entry_use, Permission.KNOWLEDGE_VIEW, name="knowledge_use"),
    page("<int:pk>/knowledge/", knowledge.draft, Permission.KNOWLEDGE_WRITE, name="knowledge_draft"),
    page("<int:pk>/incident/", incidents.incident, Permission.INCIDENT_WRITE, name="incident"),
    page("<int:pk>/incident/print/", incidents.incident_print, Permission.COMPLAINT_VIEW, name="incident_print"),
    page("<int:pk>/print/", incidents.case_print, Permission.COMPLAINT_VIEW, name="case_print"),
    page("filing/", incidents.filing, Permission.COMPLAINT_FILE, name="filing"),
    page("<int:pk>/file/", incidents.file_case, Permission.COMPLAINT_FILE, name="file_case"),
]  # fmt: skip
