"""Evidence: what a file is, its content says; who sees the complaint sees it, nobody else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from complaints import actions
from complaints.choices import ComplaintState
from complaints.models import Evidence
from dealer_crm.files.models import StoredFile
from dealer_crm.values import Refusal
from tests.factories import cast
from tests.factories.complaints import RECEIVED, complaint_of
from tests.factories.files import PDF, photo, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db):
    return cast.of_store()


def test_pictures_and_papers_are_kept_and_shown_to_who_sees_the_complaint(
    people, client, django_capture_on_commit_callbacks
):
    complaint = complaint_of(people)
    client.force_login(people.agent)
    add = reverse("complaints:evidence_add", args=[complaint.pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(add, {"uploads": [photo(), upload(PDF)], "note": "划痕"}).status_code == 302
    picture, paper = complaint.evidence.all()
    page = client.get(reverse("complaints:complaint", args=[complaint.pk])).content.decode()
    assert reverse("complaints:evidence_small", args=[picture.pk]) in page
    served = client.get(reverse("complaints:evidence", args=[paper.pk]))
    assert (served["Content-Type"], served["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert client.get(reverse("complaints:evidence_small", args=[picture.pk])).status_code == 200
    for stranger in (people.technician, cast.of_second_store().crc):
        client.force_login(stranger)
        for name in ("evidence", "evidence_small"):
            assert client.get(reverse(f"complaints:{name}", args=[picture.pk])).status_code == 404


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (list, "file_missing"),
        (lambda: [upload(b"MZ\x90\x00 a program", "照片.jpg")], "file_kind"),
        (lambda: [upload(b"<svg onload=alert(1)>", "图.png")], "file_kind"),
        (lambda: [upload(b"", "空.pdf")], "file_empty"),
        (lambda: [photo(), upload(b"no picture at all", "二.jpg")], "file_kind"),
        (lambda: [upload(PDF, f"{number}.pdf") for number in range(21)], "files_too_many"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_with_all_that_came_with_it(people, files, code):
    complaint = complaint_of(people)
    with pytest.raises(Refusal) as refusal:
        actions.add_evidence(complaint=complaint, uploads=files(), by=people.agent, at=RECEIVED)
    assert refusal.value.code == code
    assert (Evidence.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_the_interface_refuses_the_same_and_serves_the_same(people, django_capture_on_commit_callbacks):
    complaint, api = complaint_of(people), APIClient()
    api.force_authenticate(people.crc)
    address = reverse("complaint-add-evidence", args=[complaint.pk])
    wrong = api.post(address, {"uploads": [upload(b"MZ\x90", "照片.jpg")]}, format="multipart")
    assert (wrong.status_code, wrong.json()["type"]) == (409, "urn:dealer-crm:problem:file_kind")
    with django_capture_on_commit_callbacks(execute=True):
        kept = api.post(address, {"uploads": [upload(PDF)], "note": "发票"}, format="multipart")
    assert kept.status_code == 200, kept.json()
    assert api.get(kept.json()["evidence"][0]["content"])["Content-Type"] == "application/pdf"


def test_only_who_added_it_takes_it_away_and_only_while_the_case_is_open(people, client):
    complaint = complaint_of(people)
    (kept,) = actions.add_evidence(complaint=complaint, uploads=[upload(PDF)], by=people.agent, at=RECEIVED)
    with pytest.raises(Refusal):
        actions.remove_evidence(evidence=kept, by=people.crc, at=RECEIVED)
    client.force_login(people.agent)
    client.post(reverse("complaints:evidence_remove", args=[kept.pk]))
    assert not StoredFile.objects.exists()
    closed = complaint_of(people, ComplaintState.CLOSED)
    with pytest.raises(Refusal) as refusal:
        actions.add_evidence(complaint=closed, uploads=[upload(PDF)], by=people.agent, at=RECEIVED)
    assert refusal.value.code == "complaint_closed"


def test_page_and_interface_cost_the_same_with_one_and_many_of_everything(
    people, client, django_assert_max_num_queries
):
    complaint = complaint_of(people, ComplaintState.DECIDED)
    client.force_login(people.crc)

    def look():
        client.get(reverse("complaints:complaint", args=[complaint.pk]))
        client.get(reverse("complaint-list"))

    def more(times):
        for number in range(times):
            at = RECEIVED + timedelta(hours=1, minutes=number)
            actions.add_evidence(complaint=complaint, uploads=[upload(PDF)], by=people.crc, at=at)
            actions.arrange(complaint=complaint, promised_at=at + timedelta(days=1), text="约", by=people.crc, at=at)
        complaint.concerned.set([people.advisor, people.technician, people.inspector][:times])

    more(1)
    look()
    with django_assert_max_num_queries(60) as one:
        look()
    more(12)
    with django_assert_max_num_queries(len(one.captured_queries)):
        look()
