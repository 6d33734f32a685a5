"""Questionnaires, responses, and what is done about them; a module for each noun."""

from satisfaction.models.followups import FactorTarget, Flag, Guess, ImprovementPlan
from satisfaction.models.questionnaires import Question, Questionnaire, QuestionnaireVersion, Section, Wording
from satisfaction.models.responses import Answer, Ballot, FactoryRank, Response

__all__ = [
    "Answer",
    "Ballot",
    "FactorTarget",
    "FactoryRank",
    "Flag",
    "Guess",
    "ImprovementPlan",
    "Question",
    "Questionnaire",
    "QuestionnaireVersion",
    "Response",
    "Section",
    "Wording",
]
