"""Complaints over HTTP, a module for each noun. Source: spec `interfaces.md`."""

from complaints.api.cases import ComplaintViewSet
from complaints.api.judging import AppealViewSet, GoodwillBudgetViewSet, GoodwillViewSet
from complaints.api.knowledge import IncidentReportViewSet, KnowledgeViewSet

routes = [
    ("complaints", ComplaintViewSet, "complaint"),
    ("complaint-appeals", AppealViewSet, "complaint-appeal"),
    ("goodwill", GoodwillViewSet, "goodwill"),
    ("goodwill-budgets", GoodwillBudgetViewSet, "goodwill-budget"),
    ("complaint-knowledge", KnowledgeViewSet, "complaint-knowledge"),
    ("incident-reports", IncidentReportViewSet, "incident-report"),
]
