from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from dealer_crm.access.roles import Role
from dealer_crm.organization import actions as organization
from dealer_crm.rest.problems import is_for_a_program, problem_page
from dealer_crm.ui import search, second_factor
from dealer_crm.ui.home import cards_for


def home(request):
    return render(request, "ui/home.html", {"cards": cards_for(request.user, timezone.now())})


def find(request):
    """The answers of the search box (a fragment), or the page of results; a single hit is opened at once."""
    query = request.GET.get("q", "").strip()
    sections = search.find(request.user, query)
    context = {"search_query": query, "sections": sections, "too_short": len(query) < search.SHORTEST}
    if request.htmx:
        return render(request, "ui/search.html#answers", context)
    hits = [hit for section in sections for hit in section.hits]
    if len(hits) == 1:
        return redirect(hits[0].url)
    return render(request, "ui/search.html", context)


class SignIn(LoginView):
    """Sign-in, noted in the journal whatever comes of it; a demo also lists who there is."""

    template_name = "registration/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs):
        demo = [(role.value, role.label) for role in Role] if settings.DEMO else []
        return super().get_context_data(demo_sign_ins=demo, **kwargs)

    def form_valid(self, form):
        staff = form.get_user()
        if second_factor.is_asked_of(staff):
            return second_factor.ask(self.request, staff, then=self.get_success_url())
        answer = super().form_valid(form)
        organization.record_sign_in(staff=staff, at=timezone.now())
        return answer

    def form_invalid(self, form):
        typed = form.data.get("username", "")
        tries = getattr(self.request, "axes_failures_since_start", None) or 0
        # Who is locked out already is turned away unheard; a line for every knock would fill the journal.
        if typed and tries <= settings.AXES_FAILURE_LIMIT:
            is_locked = tries == settings.AXES_FAILURE_LIMIT
            organization.record_failed_sign_in(typed=typed, is_locked=is_locked, at=timezone.now())
        return super().form_invalid(form)


sign_in = SignIn.as_view()


class SignOut(LogoutView):
    def post(self, request, *args, **kwargs):
        organization.record_sign_out(staff=request.user, at=timezone.now())
        return super().post(request, *args, **kwargs)


sign_out = SignOut.as_view()


class ChangePassword(PasswordChangeView):
    template_name = "registration/password.html"
    success_url = reverse_lazy("ui:home")

    def form_valid(self, form):
        """Without the form's own saving: what a new password means is the action's affair."""
        staff, password = self.request.user, form.cleaned_data["new_password1"]
        organization.change_password(staff=staff, password=password, by=staff, at=timezone.now())
        update_session_auth_hash(self.request, staff)
        messages.success(self.request, _("Your password is changed."))
        return redirect(self.get_success_url())


change_password = ChangePassword.as_view()


_PROBLEMS = {400: "bad_request", 403: "forbidden", 404: "not_found"}


# ── When something is wrong ──────────────────────────────────────────────────────────────────────────────────────────
def _error_page(request, status: int, title: str, text: str):
    if is_for_a_program(request):
        return problem_page(status, _PROBLEMS[status], title, detail=text)
    context = {"status": status, "error_title": title, "error_text": text}
    if request.headers.get("HX-Request"):
        return render(request, "ui/toast.html", {"refusal": f"{title} {text}", "tone": "warning"}, status=status)
    return render(request, "ui/error.html", context, status=status)


@requires_csrf_token
def bad_request(request, exception=None):
    return _error_page(request, 400, _("The request could not be understood."), _("Go back and try once more."))


@requires_csrf_token
def permission_denied(request, exception=None):
    return _error_page(
        request,
        403,
        _("You may not open this."),
        _("Your role does not include it. If you need it, ask your supervisor."),
    )


@requires_csrf_token
def page_not_found(request, exception=None):
    return _error_page(
        request,
        404,
        _("There is nothing here."),
        _("The address is wrong, the thing is gone, or it belongs to another store."),
    )


def csrf_failure(request, reason=""):
    """A form that was open too long, or a second sign-in in another window."""
    return _error_page(
        request,
        403,
        _("The page was open too long."),
        _("Go back, load the page again and send once more. Nothing was changed."),
    )


@requires_csrf_token
def server_error(request):
    """Without the shell: whatever broke may break it too."""
    if is_for_a_program(request):
        return problem_page(500, "error", _("Something broke"))
    return HttpResponse(loader.get_template("ui/server_error.html").render({}, request), status=500)
