import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("files", "0001_initial"),
        ("organization", "0002_pay_is_dated_and_payrolls"),
        ("organization", "__first__"),
        ("reception", "0004_written_beside_the_program"),
    ]

    operations = [
        migrations.CreateModel(
            name="GoodwillBudget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="month")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="budget")),
                (
                    "spent_amount",
                    models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name="spent so far"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="goodwill_budgets",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "goodwill budget",
                "verbose_name_plural": "goodwill budgets",
                "ordering": ["store", "-period"],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "period"), name="one_goodwill_budget_per_month"),
                    models.CheckConstraint(
                        condition=models.Q(("period__regex", "^\\d{4}-(0[1-9]|1[0-2])$")),
                        name="goodwill_budget_of_a_month",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("spent_amount__gte", 0), ("spent_amount__lte", models.F("amount"))),
                        name="goodwill_budget_not_overdrawn",
                        violation_error_message="The goodwill budget of the month can't be overdrawn.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("attitude", "Attitude"),
                            ("waiting", "Waiting time"),
                            ("skill", "Repair skill"),
                            ("price", "Price"),
                            ("parts", "Parts supply"),
                            ("promise", "Broken promise"),
                            ("product", "Product quality"),
                            ("sales", "Sales service"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="counts as",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=40, verbose_name="name")),
                ("place", models.PositiveSmallIntegerField(default=0, verbose_name="place in the list")),
                ("is_used", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="complaints.topic",
                        verbose_name="main category",
                    ),
                ),
            ],
            options={
                "verbose_name": "complaint category",
                "verbose_name_plural": "complaint categories",
                "ordering": ["place", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        fields=("parent", "name"),
                        name="topic_named_once",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("name", "")), fields=("category",), name="one_unnamed_topic_of_a_category"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("parent", None), models.Q(("name", ""), _negated=True), _connector="OR"),
                        name="sub_category_has_a_name",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="complaint number")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("call", "Call"),
                            ("phone", "Inbound phone"),
                            ("front_desk", "Front desk"),
                            ("manufacturer", "Manufacturer"),
                            ("web", "Web or QR code"),
                            ("media", "Media"),
                            ("regulator", "Regulator"),
                        ],
                        max_length=14,
                        verbose_name="source",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("general", "General"), ("important", "Important"), ("major", "Major")],
                        default="general",
                        max_length=10,
                        verbose_name="severity",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("attitude", "Attitude"),
                            ("waiting", "Waiting time"),
                            ("skill", "Repair skill"),
                            ("price", "Price"),
                            ("parts", "Parts supply"),
                            ("promise", "Broken promise"),
                            ("product", "Product quality"),
                            ("sales", "Sales service"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="category",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("recorded", "Recorded"),
                            ("advised", "Supervisor has advised"),
                            ("decided", "Manager has decided"),
                            ("remedied", "Remedied"),
                            ("checked", "Manager has checked"),
                            ("closed", "Closed"),
                        ],
                        default="recorded",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="round")),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("happened_at", models.DateTimeField(blank=True, null=True, verbose_name="when it happened")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="where it happened")),
                ("caller_name", models.CharField(blank=True, max_length=80, verbose_name="who complains")),
                ("caller_phone", models.CharField(blank=True, max_length=20, verbose_name="phone of who complains")),
                ("description", models.TextField(blank=True, verbose_name="what happened")),
                ("wish", models.TextField(blank=True, verbose_name="what is asked")),
                ("deadline_at", models.DateTimeField(blank=True, null=True, verbose_name="owner's deadline")),
                (
                    "goodwill_amount",
                    models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name="goodwill"),
                ),
                ("reply_due_at", models.DateTimeField(verbose_name="first reply due")),
                ("solve_due_at", models.DateTimeField(verbose_name="solution due")),
                (
                    "reply_clock",
                    models.DurationField(
                        default=datetime.timedelta(seconds=7200), verbose_name="time for the first reply"
                    ),
                ),
                (
                    "solve_clock",
                    models.DurationField(default=datetime.timedelta(days=1), verbose_name="time for the solution"),
                ),
                ("stopped_for", models.DurationField(default=datetime.timedelta, verbose_name="clock stood for")),
                ("paused_at", models.DateTimeField(blank=True, null=True, verbose_name="clock stopped since")),
                (
                    "pause_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("car", "The customer brings the car"),
                            ("answer", "The customer thinks about our offer"),
                            ("papers", "The customer brings papers or evidence"),
                            ("time", "The customer chose a later time"),
                            ("unreached", "The customer can't be reached"),
                            ("other", "Another reason, in words"),
                        ],
                        max_length=10,
                        verbose_name="kind of stop",
                    ),
                ),
                ("pause_reason", models.CharField(blank=True, max_length=120, verbose_name="why the clock stands")),
                ("first_reply_at", models.DateTimeField(blank=True, null=True, verbose_name="first reply")),
                ("solved_at", models.DateTimeField(blank=True, null=True, verbose_name="solved")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                (
                    "is_satisfied",
                    models.BooleanField(blank=True, null=True, verbose_name="customer satisfied with the result"),
                ),
                ("second_asked_at", models.DateTimeField(blank=True, null=True, verbose_name="asked once more")),
                (
                    "is_still_satisfied",
                    models.BooleanField(blank=True, null=True, verbose_name="satisfied when asked once more"),
                ),
                ("is_verified", models.BooleanField(blank=True, null=True, verbose_name="verified")),
                ("verified_at", models.DateTimeField(blank=True, null=True, verbose_name="verified at")),
                ("created_at", models.DateTimeField(verbose_name="entered at")),
                ("form_key", models.UUIDField(blank=True, editable=False, null=True, unique=True, verbose_name="form")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "concerned",
                    models.ManyToManyField(
                        blank=True,
                        related_name="complaints_concerning",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff concerned",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="reception.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="reception.repairorder",
                        verbose_name="order",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_complaints",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="in charge",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
                (
                    "vehicle",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="reception.vehicle",
                        verbose_name="vehicle",
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="verified by",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="complaints.topic",
                        verbose_name="sub-category",
                    ),
                ),
            ],
            options={
                "verbose_name": "complaint",
                "verbose_name_plural": "complaints",
                "ordering": ["-received_at", "-id"],
                "indexes": [
                    models.Index(models.F("store"), models.F("received_at"), name="complaint_of_store"),
                    models.Index(
                        models.F("solve_due_at"),
                        condition=models.Q(("state", "closed"), _negated=True),
                        name="complaint_open",
                    ),
                    models.Index(models.F("store"), models.F("closed_at"), name="complaint_closed"),
                    models.Index(
                        models.F("owner"),
                        condition=models.Q(("state", "closed"), _negated=True),
                        name="complaint_of_owner",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_reply_at", None), ("first_reply_at__gte", models.F("received_at")), _connector="OR"
                        ),
                        name="reply_after_receipt",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("solved_at", None), ("solved_at__gte", models.F("received_at")), _connector="OR"
                        ),
                        name="solved_after_receipt",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True), ("closed_at__isnull", False), _connector="OR"
                        ),
                        name="closed_complaint_has_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("goodwill_amount__gte", 0)), name="goodwill_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_still_satisfied", None), ("second_asked_at", None)),
                            models.Q(("is_still_satisfied__isnull", False), ("second_asked_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="second_answer_has_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paused_at", None), models.Q(("pause_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="stopped_clock_says_why",
                        violation_error_message="A clock stands only with its reason.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplaintStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("record", "Recorded"),
                            ("reply", "First reply"),
                            ("advice", "Supervisor's advice"),
                            ("decision", "Manager's decision"),
                            ("remedy", "Remedy"),
                            ("check", "Manager's check"),
                            ("ask", "Customer asked again"),
                            ("close", "Closed"),
                            ("reopen", "Reopened"),
                            ("pause", "Clock stopped"),
                            ("resume", "Clock goes on"),
                            ("verify", "Verified"),
                            ("amend", "Sheet corrected"),
                            ("evidence", "Evidence added"),
                            ("arrange", "Agreed with the customer"),
                            ("kept", "What came of the agreement"),
                            ("second", "Asked once more"),
                        ],
                        max_length=10,
                        verbose_name="step",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("text", models.TextField(blank=True, verbose_name="what")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="complaints.complaint",
                        verbose_name="complaint",
                    ),
                ),
            ],
            options={
                "verbose_name": "step",
                "verbose_name_plural": "steps",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("note", models.CharField(blank=True, max_length=120, verbose_name="note")),
                ("added_at", models.DateTimeField(verbose_name="added")),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="complaints.complaint",
                        verbose_name="complaint",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="file",
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Filing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="place in the archive")),
                ("filed_at", models.DateTimeField(verbose_name="filed at")),
                (
                    "complaint",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filing",
                        to="complaints.complaint",
                        verbose_name="complaint",
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="filed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "filing",
                "verbose_name_plural": "filings",
                "ordering": ["-filed_at"],
            },
        ),
        migrations.CreateModel(
            name="Goodwill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("money", "Money"), ("voucher", "Voucher"), ("labour", "Labour"), ("parts", "Parts")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Waits for approval"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                            ("reversed", "Taken back"),
                        ],
                        default="requested",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "is_of_decision",
                    models.BooleanField(default=False, verbose_name="granted in the manager's decision"),
                ),
                ("requested_at", models.DateTimeField(verbose_name="asked for at")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")),
                ("reversed_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back at")),
                (
                    "note",
                    models.CharField(blank=True, max_length=200, verbose_name="why it was declined or taken back"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="goodwills",
                        to="complaints.complaint",
                        verbose_name="complaint",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked for by",
                    ),
                ),
                (
                    "reversed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken back by",
                    ),
                ),
                (
                    "budget",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="goodwills",
                        to="complaints.goodwillbudget",
                        verbose_name="budget",
                    ),
                ),
            ],
            options={
                "verbose_name": "goodwill",
                "verbose_name_plural": "goodwill",
                "ordering": ["-requested_at", "-id"],
                "indexes": [
                    models.Index(
                        models.F("complaint"), condition=models.Q(("state", "requested")), name="goodwill_waiting"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="goodwill_above_zero"),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", models.F("requested_by")), _negated=True),
                        name="goodwill_by_four_eyes",
                        violation_error_message="Nobody approves the goodwill they asked for.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("budget", None), ("state__in", ["requested", "declined"])),
                            models.Q(
                                ("budget__isnull", False),
                                ("decided_at__isnull", False),
                                ("state__in", ["approved", "reversed"]),
                            ),
                            _connector="OR",
                        ),
                        name="goodwill_approved_is_booked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "reversed"), _negated=True),
                            models.Q(("reversed_at__isnull", False), models.Q(("note", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="goodwill_taken_back_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("course", models.TextField(verbose_name="course of events")),
                ("cause", models.TextField(verbose_name="cause")),
                ("measures", models.TextField(verbose_name="measures")),
                ("lessons", models.TextField(verbose_name="lessons")),
                ("written_at", models.DateTimeField(verbose_name="written at")),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="complaints.complaint",
                        verbose_name="complaint",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
            ],
            options={
                "verbose_name": "major-incident report",
                "verbose_name_plural": "major-incident reports",
                "ordering": ["complaint", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("complaint", "number"), name="one_incident_report_per_version")
                ],
            },
        ),
        migrations.CreateModel(
            name="Responsibility",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "share",
                    models.DecimalField(decimal_places=4, default=1, max_digits=6, verbose_name="share of the blame"),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responsibilities",
                        to="complaints.complaint",
                        verbose_name="complaint",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responsibilities",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff member",
                    ),
                ),
            ],
            options={
                "verbose_name": "responsibility",
                "verbose_name_plural": "responsibilities",
                "constraints": [
                    models.UniqueConstraint(fields=("complaint", "staff"), name="person_once_per_complaint"),
                    models.CheckConstraint(
                        condition=models.Q(("share__gt", 0), ("share__lte", 1)), name="responsibility_is_a_share"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClockAlarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "clock",
                    models.CharField(
                        choices=[("reply", "First reply"), ("solve", "Solution")], max_length=8, verbose_name="clock"
                    ),
                ),
                (
                    "alarm",
                    models.CharField(
                        choices=[("warning", "Running out"), ("breach", "Run out"), ("double", "Twice the time")],
                        max_length=8,
                        verbose_name="mark",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                ("raised_at", models.DateTimeField(verbose_name="raised")),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alarms",
                        to="complaints.complaint",
                        verbose_name="complaint",
                    ),
                ),
            ],
            options={
                "verbose_name": "clock alarm",
                "verbose_name_plural": "clock alarms",
                "ordering": ["-raised_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("complaint", "clock", "alarm", "round"), name="one_alarm_per_mark_and_round"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Arrangement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("promised_at", models.DateTimeField(verbose_name="promised for")),
                ("text", models.CharField(max_length=300, verbose_name="what was agreed")),
                ("made_at", models.DateTimeField(verbose_name="agreed at")),
                ("reminded_at", models.DateTimeField(blank=True, null=True, verbose_name="reminded")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("result", models.CharField(blank=True, max_length=300, verbose_name="what came of it")),
                ("was_replaced", models.BooleanField(default=False, verbose_name="another one took its place")),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="confirmed with the customer"),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ended by",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="agreed by",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="arrangements",
                        to="complaints.complaint",
                        verbose_name="complaint",
                    ),
                ),
            ],
            options={
                "verbose_name": "agreement with the customer",
                "verbose_name_plural": "agreements with the customer",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        models.F("promised_at"),
                        condition=models.Q(("ended_at", None), ("reminded_at", None)),
                        name="arrangement_to_remind",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("complaint",), name="one_open_arrangement"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("promised_at__gt", models.F("made_at"))), name="arrangement_lies_ahead"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            models.Q(("result", ""), _negated=True),
                            ("was_replaced", True),
                            _connector="OR",
                        ),
                        name="ended_arrangement_says_how",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("judged_at", models.DateTimeField(verbose_name="judged at")),
                ("share", models.DecimalField(decimal_places=4, max_digits=6, verbose_name="share of the blame")),
                ("text", models.TextField(verbose_name="what is said against it")),
                ("appealed_at", models.DateTimeField(verbose_name="appealed at")),
                ("is_accepted", models.BooleanField(blank=True, null=True, verbose_name="accepted")),
                ("answer", models.TextField(blank=True, verbose_name="answer to the appeal")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="judged by",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaint_appeals",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff member",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="complaints.complaint",
                        verbose_name="complaint",
                    ),
                ),
            ],
            options={
                "verbose_name": "appeal",
                "verbose_name_plural": "appeals",
                "ordering": ["-appealed_at", "-id"],
                "indexes": [
                    models.Index(models.F("complaint"), condition=models.Q(("decided_at", None)), name="appeal_open")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("complaint", "staff", "judged_at"), name="one_appeal_per_judgement"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("is_accepted", None)),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("is_accepted__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="appeal_is_decided_whole",
                        violation_error_message="An appeal is decided by somebody, at a moment, with an answer.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by", models.F("judged_by")), _negated=True),
                            models.Q(("decided_by", models.F("staff")), _negated=True),
                        ),
                        name="appeal_decided_by_another",
                        violation_error_message="Neither who judged nor who appeals decides an appeal.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KnowledgeEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("attitude", "Attitude"),
                            ("waiting", "Waiting time"),
                            ("skill", "Repair skill"),
                            ("price", "Price"),
                            ("parts", "Parts supply"),
                            ("promise", "Broken promise"),
                            ("product", "Product quality"),
                            ("sales", "Sales service"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="category",
                    ),
                ),
                ("used_count", models.PositiveIntegerField(default=0, verbose_name="times used")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="last used")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                ("created_at", models.DateTimeField(verbose_name="written at")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "source",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="knowledge",
                        to="complaints.complaint",
                        verbose_name="drawn from",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="knowledge",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "knowledge entry",
                "verbose_name_plural": "knowledge base",
                "ordering": ["-used_count", "-id"],
            },
        ),
        migrations.CreateModel(
            name="KnowledgeVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("phenomenon", models.CharField(max_length=200, verbose_name="phenomenon")),
                ("cause", models.TextField(blank=True, verbose_name="cause")),
                ("remedy", models.TextField(verbose_name="remedy")),
                ("wording", models.TextField(blank=True, verbose_name="what to say")),
                ("written_at", models.DateTimeField(verbose_name="written at")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="approved at")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="complaints.knowledgeentry",
                        verbose_name="entry",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a knowledge entry",
                "verbose_name_plural": "versions of knowledge entries",
                "ordering": ["entry", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "number"), name="one_knowledge_version_per_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("phenomenon", ""), _negated=True), models.Q(("remedy", ""), _negated=True)
                        ),
                        name="knowledge_says_what_and_what_to_do",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="knowledgeentry",
            name="current",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="complaints.knowledgeversion",
                verbose_name="version in force",
            ),
        ),
        migrations.AddIndex(
            model_name="knowledgeentry",
            index=models.Index(
                condition=models.Q(("current__isnull", False), ("withdrawn_at", None)),
                fields=["store", "category", "-used_count"],
                name="knowledge_offered",
            ),
        ),
    ]
