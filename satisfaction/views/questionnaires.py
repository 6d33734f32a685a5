"""Questionnaires: what is asked, drafts of new versions, their preview, two versions side by side."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.values import Refusal
from satisfaction import actions, queries
from satisfaction.choices import Channel, Language
from satisfaction.forms import DraftForm, PublishForm, QuestionnaireForm, SurveyForm, WordingsForm
from satisfaction.models import Questionnaire, QuestionnaireVersion


def questionnaire_list(request):
    """Every questionnaire with what is asked now, what waits for its day and what is being drafted."""
    today = timezone.localdate()
    context = {
        "standings": [queries.standing_of(one, on=today) for one in queries.questionnaires_with_versions()],
        "may_change": request.user.can(Permission.QUESTIONNAIRE_CHANGE),
    }
    return render(request, "satisfaction/questionnaires.html", context)


def questionnaire_page(request, pk):
    """One questionnaire: its versions, how they stand, and the way to the next."""
    questionnaire = get_object_or_404(queries.questionnaires_with_versions(), pk=pk)
    context = {
        "standing": queries.standing_of(questionnaire, on=timezone.localdate()),
        "may_change": request.user.can(Permission.QUESTIONNAIRE_CHANGE),
    }
    return render(request, "satisfaction/questionnaire.html", context)


def questionnaire_new(request):
    form = QuestionnaireForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = actions.make_questionnaire(**form.cleaned_data, by=request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            return redirect("satisfaction:version_edit", version.pk)
    return render(request, "satisfaction/questionnaire_new.html", {"form": form}, status=422 if form.errors else 200)


def questionnaire_draft(request, pk):
    """The next version, copied from the newest published one."""
    questionnaire = get_object_or_404(Questionnaire, pk=pk)
    if request.method != "POST":
        return redirect("satisfaction:questionnaire", pk)
    version = actions.draft_version(questionnaire=questionnaire, by=request.user, at=timezone.now())
    messages.success(request, _("%(version)s is a draft now; nobody is asked with it yet.") % {"version": version})
    return redirect("satisfaction:version_edit", version.pk)


def version_page(request, pk):
    """A version as it stands: sections, questions, wordings; for a draft the way to change and to publish it."""
    version = _version(pk)
    context = {
        "version": version,
        "state": _state(version),
        "questions": version.questions.select_related("section").prefetch_related("wordings").order_by("position"),
        "form": PublishForm(),
        "others": version.questionnaire.versions.exclude(pk=pk).order_by("-number"),
        "may_change": request.user.can(Permission.QUESTIONNAIRE_CHANGE),
    }
    return render(request, "satisfaction/questionnaire_version.html", context)


def version_edit(request, pk):
    """The sections and questions of a draft."""
    version = _version(pk)
    form = DraftForm(request.POST if request.method == "POST" else None, version=version)

    def save():
        return actions.change_draft(
            version=version, sections=form.section_drafts(), questions=form.question_drafts(), expected_mark=form.mark,
            by=request.user, at=timezone.now(),
        )  # fmt: skip

    page = {"factors": sorted(queries.factor_codes(besides=version))}
    return _edited(request, version, form, save, "satisfaction/questionnaire_edit.html", page)


def version_wordings(request, pk):
    """What single channels and other languages say instead."""
    version = _version(pk)
    form = WordingsForm(request.POST if request.method == "POST" else None, version=version)

    def save():
        return actions.change_wordings(
            version=version, wordings=form.drafts(), expected_mark=form.mark, by=request.user, at=timezone.now()
        )

    return _edited(request, version, form, save, "satisfaction/questionnaire_wordings.html", {})


def _edited(request, version, form, save, template, page):
    refused = None
    if version.published_at:
        messages.error(request, _("%(version)s is in use and frozen.") % {"version": version})
        return redirect("satisfaction:version", version.pk)
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except Refusal as refusal:
            refused = refusal
        else:
            messages.success(request, _("The draft is saved."))
            return redirect("satisfaction:version", version.pk)
    page |= {"version": version, "form": form, "refused": refused, "mark": form.mark or queries.mark_of(version)}
    return render(request, template, page, status=422 if request.method == "POST" else 200)


def version_publish(request, pk):
    version = _version(pk)
    if request.method == "POST":
        form = PublishForm(request.POST)
        if not form.is_valid():
            raise Refusal(form.errors["starts_on"][0], field="starts_on")
        actions.publish_version(version=version, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("%(version)s is published and frozen.") % {"version": version})
    return redirect("satisfaction:version", pk)


def version_discard(request, pk):
    version = _version(pk)
    if request.method != "POST":
        return redirect("satisfaction:version", pk)
    actions.discard_draft(version=version, by=request.user, at=timezone.now())
    messages.success(request, _("The draft is thrown away."))
    return redirect("satisfaction:questionnaires")


def version_preview(request, pk):
    """The version as a script for a call, a page on a phone, a sheet on the tablet; nothing is kept of it."""
    version = get_object_or_404(queries.with_questions(QuestionnaireVersion.objects.all()), pk=pk)
    channel = request.GET.get("channel") if request.GET.get("channel") in Channel.values else Channel.CALL.value
    language = request.GET.get("language") if request.GET.get("language") in Language.values else get_language()
    questions = queries.asked(version, channel=channel, language=language)
    with override(language):
        form = SurveyForm(questions=questions)
        sheet = [(question, form[question.code]) for question in questions]
        context = {"version": version, "channel": channel, "language": language, "sheet": sheet, "form": form,
                   "channels": Channel.choices, "languages": Language.choices}  # fmt: skip
    return render(request, "satisfaction/questionnaire_preview.html", context)


def version_changes(request, pk, number):
    """What changed from another version of the same questionnaire to this one."""
    version = _version(pk)
    other = get_object_or_404(version.questionnaire.versions.select_related("questionnaire"), number=number)
    before, now = sorted([version, other], key=lambda one: one.number)
    context = {"before": before, "now": now, "differences": queries.differences(before, now)}
    return render(request, "satisfaction/questionnaire_changes.html", context)


def _version(pk) -> QuestionnaireVersion:
    return get_object_or_404(QuestionnaireVersion.objects.select_related("questionnaire", "created_by"), pk=pk)


def _state(version: QuestionnaireVersion) -> str:
    questionnaire = queries.questionnaires_with_versions().get(pk=version.questionnaire_id)
    return queries.standing_of(questionnaire, on=timezone.localdate()).state_of(version)
