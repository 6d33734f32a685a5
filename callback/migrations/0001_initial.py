from decimal import Decimal

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("complaints", "0001_initial"),
        ("organization", "0002_pay_is_dated_and_payrolls"),
        ("organization", "__first__"),
        ("reception", "0004_written_beside_the_program"),
        ("satisfaction", "0002_frozen_when_published"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("festival", "Festival"),
                            ("season", "Season check"),
                            ("weather", "Weather notice"),
                            ("recall", "Recall notice"),
                            ("member_day", "Member day"),
                            ("offer", "Offer"),
                        ],
                        max_length=12,
                        verbose_name="occasion",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("phone", "Phone"), ("sms", "Text message"), ("wechat", "WeChat")],
                        default="phone",
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("words", models.CharField(max_length=300, verbose_name="what is offered")),
                ("first_day", models.DateField(verbose_name="first day")),
                ("last_day", models.DateField(verbose_name="last day")),
                (
                    "goal",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="goal (customers who come)",
                    ),
                ),
                (
                    "cost",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="cost",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("running", "Started"), ("withdrawn", "Called off")],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="started at")),
                ("strengths", models.TextField(blank=True, verbose_name="strengths")),
                ("to_improve", models.TextField(blank=True, verbose_name="what to do better")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="campaigns",
                        to="reception.segment",
                        verbose_name="segment",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "campaign",
                "verbose_name_plural": "campaigns",
                "ordering": ["-first_day", "-id"],
                "indexes": [models.Index(fields=["store", "-first_day", "-id"], name="campaign_of_store")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))),
                        name="campaign_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("started_at", None), ("state", "draft")),
                            models.Q(models.Q(("state", "draft"), _negated=True), ("started_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="started_campaign_has_its_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Forecast",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="next service expected on")),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[("day", "Time"), ("mileage", "Mileage")],
                        max_length=10,
                        verbose_name="reached first",
                    ),
                ),
                ("target", models.CharField(blank=True, max_length=40, verbose_name="service due at")),
                (
                    "km_a_day",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=6, null=True, verbose_name="kilometres a day"
                    ),
                ),
                ("looks", models.PositiveSmallIntegerField(default=0, verbose_name="readings used")),
                ("seen_mileage", models.PositiveIntegerField(editable=False, null=True)),
                ("seen_visit_at", models.DateTimeField(editable=False, null=True)),
                ("seen_service_on", models.DateField(editable=False, null=True)),
                ("seen_service_km", models.PositiveIntegerField(editable=False, null=True)),
                ("made_at", models.DateTimeField(verbose_name="computed at")),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
                (
                    "vehicle",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="forecast",
                        to="reception.vehicle",
                        verbose_name="vehicle",
                    ),
                ),
            ],
            options={
                "verbose_name": "service forecast",
                "verbose_name_plural": "service forecasts",
                "ordering": [models.OrderBy(models.F("due_on"), nulls_last=True), "id"],
                "indexes": [models.Index(models.F("store"), models.F("due_on"), name="forecast_by_day")],
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("handed_over_at", models.DateTimeField(verbose_name="handed over at")),
                ("salesperson", models.CharField(blank=True, max_length=40, verbose_name="sales consultant")),
                ("noted_at", models.DateTimeField(verbose_name="entered at")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="reception.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
                (
                    "vehicle",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handover",
                        to="reception.vehicle",
                        verbose_name="vehicle",
                    ),
                ),
            ],
            options={
                "verbose_name": "new-car handover",
                "verbose_name_plural": "new-car handovers",
                "ordering": ["-handed_over_at", "-id"],
                "indexes": [models.Index(fields=["store", "-handed_over_at"], name="handover_of_store")],
            },
        ),
        migrations.CreateModel(
            name="HonestyReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("phone_changed", "Phone changed after the order was opened"),
                            ("phone_of_staff", "Phone of a member of staff"),
                            ("phone_shared", "One phone on many orders"),
                            ("short_call", "Completed call too short to be true"),
                            ("unreachable", "Many unreachable customers of one advisor"),
                            ("excluded", "Excluded from calls and surveys"),
                        ],
                        max_length=14,
                        verbose_name="kind",
                    ),
                ),
                ("key", models.CharField(max_length=60, verbose_name="key")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("harmless", "Harmless"), ("spoken", "Spoken about"), ("wrong", "Not in order")],
                        max_length=10,
                        verbose_name="verdict",
                    ),
                ),
                ("note", models.CharField(max_length=300, verbose_name="note")),
                ("at", models.DateTimeField(verbose_name="reviewed at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewed by",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="honesty_reviews",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "review of a finding",
                "verbose_name_plural": "reviews of findings",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "kind", "key"), name="one_review_per_finding")
                ],
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("service_3d", "After-service call"),
                            ("complaint_next_day", "Call after a complaint"),
                            ("complaint_second", "Second call after a complaint"),
                            ("bad_answer", "Follow-up of a bad answer"),
                            ("maintenance", "Maintenance reminder"),
                            ("first_service", "First-service reminder"),
                            ("suggestion", "Repair suggestion"),
                            ("appointment_confirm", "Appointment to confirm"),
                            ("appointment_missed", "Missed appointment"),
                            ("insurance_renewal", "Insurance renewal"),
                            ("dormant", "Win-back"),
                            ("weekly_sample", "Weekly sample"),
                            ("monthly_survey", "Monthly survey"),
                            ("spot_check", "Re-check of calls"),
                            ("sales_2h", "New car, 2 hours"),
                            ("sales_3d", "New car, 3 days"),
                            ("sales_7d", "New car, 7 days"),
                            ("run_in_3w", "Run-in reminder"),
                            ("birthday", "Birthday"),
                            ("campaign", "Campaign"),
                            ("service_request", "Call after a service request"),
                        ],
                        max_length=20,
                        verbose_name="rule",
                    ),
                ),
                ("is_on", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "opens_after_days",
                    models.PositiveSmallIntegerField(default=1, verbose_name="may be called after (days)"),
                ),
                (
                    "closes_after_days",
                    models.PositiveSmallIntegerField(default=3, verbose_name="must be called within (days)"),
                ),
                (
                    "within_hours",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Counted over the hours in which calls are made; empty: the days hold.",
                        null=True,
                        verbose_name="must be called within (hours)",
                    ),
                ),
                (
                    "lead_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        default=list,
                        help_text="For reminders: days before the day itself, several separated by commas.",
                        size=None,
                        verbose_name="days ahead",
                    ),
                ),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        default=50, help_text="Smaller is more urgent.", verbose_name="priority"
                    ),
                ),
                (
                    "respects_gap",
                    models.BooleanField(
                        default=False,
                        help_text="Waits some days after another talk with the customer.",
                        verbose_name="keeps the gap",
                    ),
                ),
                ("asks_on_time", models.BooleanField(default=False, verbose_name="asks whether delivery was on time")),
                (
                    "channel",
                    models.CharField(
                        choices=[("phone", "Phone"), ("sms", "Text message"), ("wechat", "WeChat")],
                        default="phone",
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                (
                    "questionnaire",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="satisfaction.questionnaire",
                        verbose_name="questionnaire",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_rules",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "call rule",
                "verbose_name_plural": "call rules",
                "ordering": ["store", "priority", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "code"), name="one_rule_per_code_and_store"),
                    models.CheckConstraint(
                        condition=models.Q(("closes_after_days__gte", models.F("opens_after_days"))),
                        name="call_window_opens_before_it_closes",
                        violation_error_message="The window must open before it closes.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShowroomCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("leads", models.PositiveSmallIntegerField(verbose_name="leads")),
                ("complete", models.PositiveSmallIntegerField(verbose_name="complete")),
                ("uncontacted", models.PositiveSmallIntegerField(verbose_name="contacts left undone")),
                ("remark", models.CharField(blank=True, max_length=300, verbose_name="remark")),
                ("checked_at", models.DateTimeField(verbose_name="checked at")),
                (
                    "checked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="checked by",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="showroom_checks",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "check of a showroom day",
                "verbose_name_plural": "checks of showroom days",
                "ordering": ["-day"],
                "constraints": [models.UniqueConstraint(fields=("store", "day"), name="one_check_a_showroom_day")],
            },
        ),
        migrations.CreateModel(
            name="WorkLog",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("also_done", models.TextField(blank=True, verbose_name="done besides")),
                ("unsolved", models.TextField(blank=True, verbose_name="unsolved")),
                ("for_tomorrow", models.TextField(blank=True, verbose_name="for tomorrow")),
                ("kept_at", models.DateTimeField(verbose_name="written at")),
                ("remark", models.CharField(blank=True, max_length=300, verbose_name="supervisor's remark")),
                ("seen_at", models.DateTimeField(blank=True, null=True, verbose_name="seen at")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_logs",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="agent",
                    ),
                ),
                (
                    "seen_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="seen by",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_logs",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "work log",
                "verbose_name_plural": "work logs",
                "ordering": ["-day", "agent"],
                "indexes": [models.Index(fields=["store", "-day"], name="work_log_of_store")],
                "constraints": [
                    models.UniqueConstraint(fields=("agent", "day"), name="one_work_log_per_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seen_at", None), ("seen_by", None)),
                            models.Q(("seen_at__isnull", False), ("seen_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="seen_work_log_says_by_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CallRefusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("survey", "Surveys"),
                            ("reminder", "Service reminders"),
                            ("marketing", "Offers and greetings"),
                        ],
                        max_length=10,
                        verbose_name="purpose",
                    ),
                ),
                ("reason", models.CharField(max_length=120, verbose_name="reason")),
                ("noted_at", models.DateTimeField(verbose_name="noted at")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="call_refusals",
                        to="reception.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="noted by",
                    ),
                ),
            ],
            options={
                "verbose_name": "refusal of calls",
                "verbose_name_plural": "refusals of calls",
                "ordering": ["customer", "purpose"],
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "purpose"), name="one_refusal_per_purpose")
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="callback.campaign"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="reception.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer of a campaign",
                "verbose_name_plural": "customers of a campaign",
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "customer"), name="customer_once_per_campaign")
                ],
            },
        ),
        migrations.CreateModel(
            name="Lead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="phone")),
                (
                    "gender",
                    models.CharField(
                        blank=True,
                        choices=[("male", "Male"), ("female", "Female")],
                        max_length=10,
                        verbose_name="gender",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("walk_in", "Walk-in"), ("phone", "By telephone"), ("web", "From the web")],
                        max_length=10,
                        verbose_name="source",
                    ),
                ),
                ("features", models.CharField(blank=True, max_length=200, verbose_name="features")),
                ("model", models.CharField(blank=True, max_length=60, verbose_name="model of interest")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("H", "H: buys within a week"),
                            ("A", "A: buys within two weeks"),
                            ("B", "B: buys within a month"),
                            ("C", "C: buys later"),
                        ],
                        max_length=1,
                        verbose_name="level",
                    ),
                ),
                (
                    "first_quote",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="first quote",
                    ),
                ),
                ("consultant", models.CharField(blank=True, max_length=40, verbose_name="sales consultant")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Followed up"), ("won", "Won"), ("lost", "Lost")],
                        default="open",
                        max_length=5,
                        verbose_name="state",
                    ),
                ),
                ("next_contact_on", models.DateField(blank=True, null=True, verbose_name="next contact")),
                (
                    "lost_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("price", "Price too high"),
                            ("brand", "Bought another brand"),
                            ("dealer", "Bought from another dealer"),
                            ("stock", "Model or colour not to be had"),
                            ("credit", "Credit not granted"),
                            ("postponed", "Purchase postponed"),
                            ("service", "Displeased with us"),
                            ("unreachable", "Not reached any more"),
                        ],
                        max_length=12,
                        verbose_name="reason for not buying",
                    ),
                ),
                ("lost_note", models.CharField(blank=True, max_length=200, verbose_name="remark")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                ("entered_at", models.DateTimeField(verbose_name="entered at")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="reception.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "handover",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="callback.handover",
                        verbose_name="new-car handover",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "lead",
                "verbose_name_plural": "leads",
                "ordering": ["-entered_at", "-id"],
                "indexes": [
                    models.Index(
                        models.F("store"),
                        models.F("next_contact_on"),
                        models.F("id"),
                        condition=models.Q(("state", "open")),
                        name="lead_open_by_day",
                    ),
                    models.Index(fields=["store", "-entered_at", "-id"], name="lead_of_store"),
                    models.Index(
                        models.F("store"),
                        models.F("closed_at"),
                        condition=models.Q(("closed_at__isnull", False)),
                        name="lead_closed",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open"), models.Q(("phone", ""), _negated=True)),
                        fields=("store", "phone"),
                        name="one_open_lead_a_phone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("next_contact_on__isnull", False), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("closed_at__isnull", False),
                                ("next_contact_on", None),
                            ),
                            _connector="OR",
                        ),
                        name="open_lead_has_its_next_contact",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("handover__isnull", False), ("state", "won")),
                            models.Q(models.Q(("state", "won"), _negated=True), ("handover", None)),
                            _connector="OR",
                        ),
                        name="won_lead_has_its_handover",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "lost"), models.Q(("lost_reason", ""), _negated=True)),
                            models.Q(models.Q(("state", "lost"), _negated=True), ("lost_reason", "")),
                            _connector="OR",
                        ),
                        name="lost_lead_has_its_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("span", models.CharField(max_length=10, verbose_name="span")),
                ("seed", models.BigIntegerField(verbose_name="seed")),
                (
                    "share",
                    models.CharField(
                        help_text="A number for each group, or a share of it.", max_length=10, verbose_name="how many"
                    ),
                ),
                ("eligible", models.JSONField(verbose_name="could be drawn")),
                ("drawn", models.JSONField(verbose_name="drawn")),
                ("drawn_at", models.DateTimeField(verbose_name="drawn at")),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="samples",
                        to="callback.rule",
                        verbose_name="rule",
                    ),
                ),
            ],
            options={
                "verbose_name": "sample",
                "verbose_name_plural": "samples",
                "ordering": ["-drawn_at", "-id"],
                "constraints": [models.UniqueConstraint(fields=("rule", "span"), name="one_draw_per_rule_and_span")],
            },
        ),
        migrations.CreateModel(
            name="ScriptText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("opening", "Opening"),
                            ("refusal", "When the customer refuses"),
                            ("questions", "Questions"),
                            ("praise", "When the customer praises"),
                            ("complaint", "When the customer complains"),
                            ("closing", "Closing"),
                            ("text", "Text message"),
                        ],
                        max_length=10,
                        verbose_name="stage",
                    ),
                ),
                ("text", models.TextField(verbose_name="wording")),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="script",
                        to="callback.rule",
                        verbose_name="rule",
                    ),
                ),
            ],
            options={
                "verbose_name": "script text",
                "verbose_name_plural": "script texts",
                "ordering": ["rule", "id"],
                "constraints": [models.UniqueConstraint(fields=("rule", "stage"), name="one_text_per_stage")],
            },
        ),
        migrations.CreateModel(
            name="CallTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source_key", models.CharField(max_length=80, verbose_name="source event")),
                ("priority", models.PositiveSmallIntegerField(default=50, verbose_name="priority")),
                ("opens_at", models.DateTimeField(verbose_name="may be called from")),
                ("due_at", models.DateTimeField(verbose_name="must be called by")),
                ("due_reason", models.JSONField(blank=True, default=dict, verbose_name="why this day")),
                ("was_shifted", models.BooleanField(default=False, verbose_name="moved behind a holiday")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be called"),
                            ("done", "Called"),
                            ("unreached", "Unreached"),
                            ("refused", "Refused the call"),
                            ("dropped", "Not to be called"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("phone", "Phone"), ("sms", "Text message"), ("wechat", "WeChat")],
                        default="phone",
                        max_length=10,
                        verbose_name="next by",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="calls tried")),
                ("first_called_at", models.DateTimeField(blank=True, null=True, verbose_name="first called")),
                ("next_try_at", models.DateTimeField(blank=True, null=True, verbose_name="next try")),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="taken at")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="finished at")),
                ("closing_reason", models.CharField(blank=True, max_length=200, verbose_name="why it was closed")),
                ("created_at", models.DateTimeField(verbose_name="made at")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="agreed with",
                    ),
                ),
                (
                    "appointment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_tasks",
                        to="reception.appointment",
                        verbose_name="appointment",
                    ),
                ),
                (
                    "claimed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claimed_calls",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken by",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_tasks",
                        to="complaints.complaint",
                        verbose_name="complaint",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_tasks",
                        to="reception.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "lapsed_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="claim lapsed of",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_tasks",
                        to="reception.repairorder",
                        verbose_name="order",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_tasks",
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
                        related_name="call_tasks",
                        to="reception.vehicle",
                        verbose_name="vehicle",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="callback.rule",
                        verbose_name="rule",
                    ),
                ),
            ],
            options={
                "verbose_name": "call task",
                "verbose_name_plural": "call tasks",
                "ordering": ["due_at", "priority", "id"],
                "indexes": [
                    models.Index(
                        models.F("store"),
                        models.F("priority"),
                        models.F("due_at"),
                        models.F("id"),
                        condition=models.Q(("state", "open")),
                        name="task_queue",
                    ),
                    models.Index(models.F("store"), models.F("due_at"), name="task_by_due"),
                    models.Index(
                        models.F("store"),
                        models.F("due_at"),
                        models.F("id"),
                        condition=models.Q(("state", "open")),
                        name="task_open_by_due",
                    ),
                    models.Index(
                        models.F("store"),
                        models.F("next_try_at"),
                        condition=models.Q(("agent__isnull", False), ("state", "open")),
                        name="task_agreed",
                    ),
                    models.Index(
                        models.F("store"),
                        models.F("done_at"),
                        condition=models.Q(("done_at__isnull", False)),
                        name="task_finished",
                    ),
                    models.Index(fields=["customer", "-id"], name="task_of_customer"),
                    models.Index(models.F("order"), name="task_of_order"),
                    models.Index(
                        models.F("complaint"),
                        condition=models.Q(("complaint__isnull", False)),
                        name="task_of_complaint",
                    ),
                    models.Index(
                        models.F("appointment"),
                        condition=models.Q(("appointment__isnull", False)),
                        name="task_of_appointment",
                    ),
                    models.Index(
                        models.F("agent"),
                        condition=models.Q(("agent__isnull", False)),
                        name="task_of_agent",
                    ),
                    models.Index(
                        models.F("lapsed_by"),
                        condition=models.Q(("lapsed_by__isnull", False)),
                        name="task_of_lapsed_by",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("rule", "source_key"), name="one_task_per_rule_and_event"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claimed_at", None), ("claimed_by", None)),
                            models.Q(("claimed_at__isnull", False), ("claimed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="claim_is_a_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at", None), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("done_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="finished_task_has_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "open"), ("claimed_by", None), _connector="OR"),
                        name="finished_task_is_claimed_by_nobody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gte", models.F("opens_at"))), name="task_due_after_it_opens"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("claimed_by__isnull", False)),
                        fields=("customer",),
                        name="one_agent_at_a_time_per_customer",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("claimed_by__isnull", False)),
                        fields=("claimed_by",),
                        name="one_call_at_a_time_per_agent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(blank=True, max_length=80, null=True, unique=True, verbose_name="key")),
                (
                    "direction",
                    models.CharField(
                        choices=[("out", "Outgoing"), ("in", "Incoming")],
                        default="out",
                        max_length=4,
                        verbose_name="direction",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("phone", "Phone"), ("sms", "Text message"), ("wechat", "WeChat")],
                        default="phone",
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="began")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("completed", "Completed"),
                            ("no_answer", "No answer"),
                            ("busy", "Busy"),
                            ("switched_off", "Switched off"),
                            ("wrong_number", "Wrong number"),
                            ("invalid_number", "Invalid number"),
                            ("refused", "Refused the call"),
                            ("call_later", "Call later"),
                            ("sms", "Text message instead"),
                        ],
                        max_length=16,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "was_on_time",
                    models.BooleanField(blank=True, null=True, verbose_name="delivered on time, says the customer"),
                ),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="number dialled")),
                ("token", models.UUIDField(blank=True, editable=False, null=True, unique=True, verbose_name="form")),
                ("note", models.TextField(blank=True, verbose_name="customer's view")),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("callback", "Care call"),
                            ("enquiry.station", "Nearest station"),
                            ("enquiry.policy", "Service policy"),
                            ("enquiry.technical", "Technical state"),
                            ("enquiry.price", "Price"),
                            ("enquiry.promotion", "Promotion"),
                            ("enquiry.progress", "Progress of a matter"),
                            ("enquiry.fault", "Simple fault help"),
                            ("enquiry.parts", "Parts data and price"),
                            ("rescue", "Roadside rescue"),
                            ("complaint.attitude", "Attitude"),
                            ("complaint.slow", "Slow service"),
                            ("complaint.skill", "Repair skill"),
                            ("complaint.sales", "Sales service"),
                            ("complaint.supply", "Parts supply"),
                            ("complaint.first", "First-service breach"),
                            ("complaint.warranty", "Warranty breach"),
                            ("complaint.parts", "Parts-service breach"),
                            ("complaint.product", "Product quality"),
                        ],
                        max_length=24,
                        verbose_name="category",
                    ),
                ),
                ("facts", models.JSONField(blank=True, default=dict, verbose_name="facts")),
                (
                    "record_points",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="points of the record"),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="agent",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="complaints.complaint",
                        verbose_name="complaint",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
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
                        related_name="contacts",
                        to="reception.repairorder",
                        verbose_name="order",
                    ),
                ),
                (
                    "response",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact",
                        to="satisfaction.response",
                        verbose_name="response",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="callback.calltask",
                        verbose_name="call task",
                    ),
                ),
                (
                    "vehicle",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="reception.vehicle",
                        verbose_name="vehicle",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(fields=["store", "-at"], name="contact_of_store"),
                    models.Index(fields=["customer", "-at"], name="contact_of_customer"),
                    models.Index(models.F("order"), name="contact_of_order"),
                    models.Index(fields=["agent", "-at"], name="contact_of_agent"),
                    models.Index(
                        condition=models.Q(("outcome__in", ("wrong_number", "invalid_number"))),
                        fields=["store", "-at"],
                        name="contact_bad_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeadTalk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("visit", "Visit"),
                            ("phone", "By telephone"),
                            ("message", "Message"),
                            ("test_drive", "Test drive"),
                        ],
                        max_length=10,
                        verbose_name="kind of talk",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                ("said", models.TextField(verbose_name="what was said")),
                (
                    "price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="price spoken of",
                    ),
                ),
                ("gifts", models.CharField(blank=True, max_length=200, verbose_name="gifts")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("price", "Price too high"),
                            ("brand", "Bought another brand"),
                            ("dealer", "Bought from another dealer"),
                            ("stock", "Model or colour not to be had"),
                            ("credit", "Credit not granted"),
                            ("postponed", "Purchase postponed"),
                            ("service", "Displeased with us"),
                            ("unreachable", "Not reached any more"),
                        ],
                        max_length=12,
                        verbose_name="reason for not buying",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("H", "H: buys within a week"),
                            ("A", "A: buys within two weeks"),
                            ("B", "B: buys within a month"),
                            ("C", "C: buys later"),
                        ],
                        max_length=1,
                        verbose_name="level",
                    ),
                ),
                ("car", models.CharField(blank=True, max_length=60, verbose_name="car driven")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="talks",
                        to="callback.lead",
                        verbose_name="lead",
                    ),
                ),
            ],
            options={
                "verbose_name": "talk",
                "verbose_name_plural": "talks",
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(fields=["lead", "-at"], name="talk_of_lead"),
                    models.Index(models.F("at"), name="talk_by_moment"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "test_drive"), _negated=True),
                            models.Q(("car", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="test_drive_says_which_car",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ShowroomVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("came_at", models.DateTimeField(verbose_name="came at")),
                (
                    "source",
                    models.CharField(
                        choices=[("walk_in", "Walk-in"), ("phone", "By telephone"), ("web", "From the web")],
                        max_length=10,
                        verbose_name="source",
                    ),
                ),
                (
                    "people",
                    models.PositiveSmallIntegerField(
                        default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name="people"
                    ),
                ),
                ("is_return", models.BooleanField(default=False, verbose_name="came again")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="remark")),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="callback.lead",
                        verbose_name="lead",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="showroom_visits",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "visitor",
                "verbose_name_plural": "visitors",
                "ordering": ["-came_at", "-id"],
                "indexes": [models.Index(fields=["store", "-came_at", "-id"], name="visit_of_store")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("people__gte", 1)), name="visit_of_somebody")
                ],
            },
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.TextField(verbose_name="customer's question")),
                (
                    "department",
                    models.CharField(
                        choices=[
                            ("reception", "Service reception"),
                            ("workshop", "Workshop floor"),
                            ("parts", "Parts department"),
                            ("sales", "New-car sales"),
                            ("insurance", "Insurance and claims"),
                            ("finance", "Finance department"),
                            ("care", "Customer relations"),
                            ("office", "Office and others"),
                        ],
                        max_length=10,
                        verbose_name="department",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="time of the call")),
                ("handed_at", models.DateTimeField(verbose_name="handed to the department")),
                ("answer_by", models.DateTimeField(verbose_name="answer by")),
                ("reminded_at", models.DateTimeField(blank=True, null=True, verbose_name="reminded")),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="handed back")),
                ("result", models.TextField(blank=True, verbose_name="result with the customer")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for the department"),
                            ("answered", "To be told the customer"),
                            ("confirmed", "Confirmed with the customer"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handed on by",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="callback.contact",
                        verbose_name="contact",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="reception.customer",
                        verbose_name="customer",
                    ),
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
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="reception.repairorder",
                        verbose_name="order",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who answers",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="callback.calltask",
                        verbose_name="call task",
                    ),
                ),
                (
                    "vehicle",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="reception.vehicle",
                        verbose_name="vehicle",
                    ),
                ),
            ],
            options={
                "verbose_name": "referral",
                "verbose_name_plural": "referrals",
                "ordering": ["-asked_at", "-id"],
                "indexes": [
                    models.Index(fields=["store", "-asked_at", "-id"], name="referral_of_store"),
                    models.Index(fields=["store", "answer_by"], name="referral_by_due"),
                    models.Index(
                        condition=models.Q(("state", "asked")),
                        fields=["person", "answer_by"],
                        name="referral_of_person",
                    ),
                    models.Index(
                        condition=models.Q(("reminded_at", None), ("state", "asked")),
                        fields=["answer_by"],
                        name="referral_to_remind",
                    ),
                    models.Index(fields=["customer", "-id"], name="referral_of_customer"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("answer_by__gt", models.F("handed_at"))), name="referral_answer_lies_ahead"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None), ("answered_by", None)),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="answered_referral_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state__in", ("asked", "answered"))),
                            models.Q(
                                models.Q(("state__in", ("asked", "answered")), _negated=True),
                                ("ended_at__isnull", False),
                                models.Q(("result", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="ended_referral_says_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["answered", "confirmed"]), _negated=True),
                            ("answered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="confirmed_referral_was_answered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rescue", "Roadside rescue"),
                            ("pick_up", "Pick-up and delivery"),
                            ("enquiry", "Enquiry"),
                            ("parts", "Parts order"),
                            ("invoice", "Invoice"),
                            ("loan_car", "Courtesy car"),
                            ("other", "Other request"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("phone", "By telephone"),
                            ("wechat", "WeChat"),
                            ("web", "By the web form"),
                            ("walk_in", "At the desk"),
                            ("manufacturer", "Manufacturer's hotline"),
                        ],
                        max_length=12,
                        verbose_name="came by",
                    ),
                ),
                (
                    "problem",
                    models.CharField(
                        choices=[
                            ("engine", "Engine and gearbox"),
                            ("chassis", "Brakes, steering, chassis"),
                            ("electrics", "Battery and electrics"),
                            ("tyres", "Tyres"),
                            ("air", "Heating and air conditioning"),
                            ("body", "Body, paint, glass"),
                            ("accident", "Accident"),
                            ("supply", "Parts and accessories"),
                            ("service", "Maintenance and appointments"),
                            ("papers", "Invoices, papers, insurance"),
                            ("other", "Other matter"),
                        ],
                        default="other",
                        max_length=10,
                        verbose_name="problem",
                    ),
                ),
                ("caller_name", models.CharField(blank=True, max_length=80, verbose_name="who asks")),
                ("caller_phone", models.CharField(blank=True, max_length=20, verbose_name="phone of who asks")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="place")),
                ("description", models.TextField(verbose_name="what is wanted")),
                (
                    "department",
                    models.CharField(
                        choices=[
                            ("reception", "Service reception"),
                            ("workshop", "Workshop floor"),
                            ("parts", "Parts department"),
                            ("sales", "New-car sales"),
                            ("insurance", "Insurance and claims"),
                            ("finance", "Finance department"),
                            ("care", "Customer relations"),
                            ("office", "Office and others"),
                        ],
                        max_length=10,
                        verbose_name="department",
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                ("entered_at", models.DateTimeField(verbose_name="entered at")),
                ("answer_by", models.DateTimeField(verbose_name="answer by")),
                ("warned_at", models.DateTimeField(blank=True, null=True, verbose_name="warned")),
                ("told_late_at", models.DateTimeField(blank=True, null=True, verbose_name="told to be late")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered at")),
                ("result", models.TextField(blank=True, verbose_name="result")),
                ("is_solved", models.BooleanField(blank=True, null=True, verbose_name="solved")),
                (
                    "cost_amount",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal(0),
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="cost",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for an answer"),
                            ("answered", "In work"),
                            ("closed", "Closed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("token", models.UUIDField(blank=True, editable=False, null=True, unique=True, verbose_name="form")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_requests",
                        to="reception.agreement",
                        verbose_name="agreement",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_requests",
                        to="callback.contact",
                        verbose_name="contact",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_requests",
                        to="reception.customer",
                        verbose_name="customer",
                    ),
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
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_requests",
                        to="reception.repairorder",
                        verbose_name="order",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_requests",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who answers",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_requests",
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
                        related_name="service_requests",
                        to="reception.vehicle",
                        verbose_name="vehicle",
                    ),
                ),
            ],
            options={
                "verbose_name": "service request",
                "verbose_name_plural": "service requests",
                "ordering": ["-received_at", "-id"],
                "indexes": [
                    models.Index(fields=["store", "-received_at", "-id"], name="request_of_store"),
                    models.Index(
                        condition=models.Q(("state__in", ("asked", "answered"))),
                        fields=["person", "answer_by"],
                        name="request_of_person",
                    ),
                    models.Index(
                        condition=models.Q(("state", "asked"), ("told_late_at", None)),
                        fields=["store", "answer_by"],
                        name="request_to_tell",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", False)),
                        fields=["store", "ended_at"],
                        name="request_ended",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("answer_by__gt", models.F("received_at"))), name="request_answer_lies_ahead"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("description", ""), _negated=True), name="request_says_what"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("customer__isnull", False),
                            ("ended_at__isnull", False),
                            models.Q(("caller_name", ""), ("caller_phone", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="request_says_whose",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("answered_by", None)),
                            models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="answered_request_says_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), _negated=True),
                            ("answered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="request_in_work_was_answered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("is_solved", None), ("state__in", ("asked", "answered"))),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("is_solved__isnull", False),
                                ("state", "closed"),
                                models.Q(("result", ""), _negated=True),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("is_solved", None),
                                ("state", "withdrawn"),
                                models.Q(("result", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="ended_request_says_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cost_amount__gte", 0)), name="request_cost_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CallScore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marks", models.JSONField(verbose_name="marks")),
                ("weights", models.JSONField(verbose_name="weights")),
                (
                    "points",
                    models.DecimalField(
                        decimal_places=1,
                        max_digits=4,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="points",
                    ),
                ),
                ("remark", models.TextField(blank=True, verbose_name="remark")),
                ("seed", models.CharField(blank=True, max_length=40, verbose_name="seed of the sample")),
                ("scored_at", models.DateTimeField(verbose_name="scored at")),
                ("comment", models.TextField(blank=True, verbose_name="agent's comment")),
                ("commented_at", models.DateTimeField(blank=True, null=True, verbose_name="commented at")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_scores",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="agent",
                    ),
                ),
                (
                    "scored_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="scored by",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_scores",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
                (
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="score",
                        to="callback.contact",
                        verbose_name="contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "scored call",
                "verbose_name_plural": "scored calls",
                "ordering": ["-scored_at", "-id"],
                "indexes": [
                    models.Index(fields=["store", "-scored_at", "-id"], name="call_score_of_store"),
                    models.Index(fields=["agent", "-scored_at"], name="call_score_of_agent"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("points__gte", 0), ("points__lte", 100)), name="call_points_out_of_hundred"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scored_by", models.F("agent")), _negated=True),
                        name="call_scored_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralTime",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("promised_at", models.DateTimeField(verbose_name="promised for")),
                ("made_at", models.DateTimeField(verbose_name="agreed at")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("reminded_at", models.DateTimeField(blank=True, null=True, verbose_name="reminded")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("was_replaced", models.BooleanField(default=False, verbose_name="another one took its place")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="agreed by",
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="times",
                        to="callback.referral",
                        verbose_name="referral",
                    ),
                ),
            ],
            options={
                "verbose_name": "time agreed about a referral",
                "verbose_name_plural": "times agreed about referrals",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        models.F("promised_at"),
                        condition=models.Q(("ended_at", None), ("reminded_at", None)),
                        name="referral_time_to_remind",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("referral",), name="one_open_referral_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("promised_at__gt", models.F("made_at"))), name="referral_time_lies_ahead"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestActivity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("call", "Spoke to the customer"),
                            ("message", "Wrote to the customer"),
                            ("on_site", "Was with the customer"),
                            ("work", "Worked on it"),
                            ("handed_on", "Handed on"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(verbose_name="what was done")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by whom",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="activities",
                        to="callback.servicerequest",
                        verbose_name="service request",
                    ),
                ),
            ],
            options={
                "verbose_name": "activity about a service request",
                "verbose_name_plural": "activities about service requests",
                "ordering": ["at", "id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="activity_says_what")
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(blank=True, max_length=40, verbose_name="part number")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "quantity",
                    models.DecimalField(decimal_places=2, default=Decimal(1), max_digits=8, verbose_name="quantity"),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="callback.servicerequest",
                        verbose_name="service request",
                    ),
                ),
            ],
            options={
                "verbose_name": "part asked for",
                "verbose_name_plural": "parts asked for",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="part_asked_for_is_some")
                ],
            },
        ),
    ]
