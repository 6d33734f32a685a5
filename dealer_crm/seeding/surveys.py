"""What the house asks itself: last month's staff survey, and the next version of a questionnaire being drafted."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from dealer_crm.seeding.people import House
from dealer_crm.values import Period
from satisfaction import actions
from satisfaction.actions.questionnaires import contents_of
from satisfaction.choices import QuestionKind, QuestionnaireKind
from satisfaction.models import QuestionnaireVersion
from satisfaction.queries import mark_of, questionnaire_of_kind, version_in_force

_STAFF = 11
_WORDS = ("空调夏天太热", "希望培训多一点实操", "晚班排得太密", "配件到货能不能快一点")


def ask_the_house(house: House, random: Random, at: datetime) -> None:
    """Fill the staff survey and the drawer of drafts of one house."""
    version = version_in_force(questionnaire_of_kind(QuestionnaireKind.STAFF))
    _start, end = Period.of(at, house.store.tz).previous().bounds(house.store.tz)
    people = sorted(house.staff.values(), key=lambda one: one.work_number)
    for number, person in enumerate(random.sample(people, min(_STAFF, len(people)))):
        answers = _sheet(version, random, random.choice([9, 8, 7, 6]))
        if number < len(_WORDS):
            answers["NYJ"] = _WORDS[number]
        actions.answer_staff_survey(version=version, answers=answers, by=person, at=end - timedelta(days=3))
    _draft_the_next(house, at)


def _sheet(version: QuestionnaireVersion, random: Random, mood: int) -> dict[str, object]:
    asked = [one for one in version.questions.all() if one.kind in (QuestionKind.SCORE, QuestionKind.RECOMMEND)]
    return {one.code: min(10, max(2, mood + random.choice([-1, 0, 0, 1, 1]))) for one in asked}


def _draft_the_next(house: House, at: datetime) -> None:
    """The customer-relations supervisor wants customers greeted sooner. Questionnaires are of all stores, so only the
    first house drafts."""
    questionnaire, by = questionnaire_of_kind(QuestionnaireKind.TEN_QUESTIONS), house.staff["H09"]
    if questionnaire.versions.filter(published_at=None).exists():
        return
    draft = actions.draft_version(questionnaire=questionnaire, by=by, at=at)
    sections, questions, _wordings = contents_of(draft)
    sooner = replace(questions[1], text="到店后三分钟内是否有人接待您？", flags_no=True)
    actions.change_draft(
        version=draft, sections=sections, questions=[questions[0], sooner, *questions[2:]],
        expected_mark=mark_of(draft), by=by, at=at,
    )  # fmt: skip
