"""What a posted form says, or the refusal a person can read."""

from dealer_crm.values import Refusal


def valid(form) -> dict:
    """The cleaned fields of a form; its first problem becomes a refusal that names the field."""
    if form.is_valid():
        return form.cleaned_data
    name, problems = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    raise Refusal(f"{label}: {problems[0]}" if label else problems[0], field=name)


def version_of(request) -> int | None:
    """The version of the thing that the page was made from, when it says so (`expected_version` of the actions)."""
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() else None
