import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organization", "0002_pay_is_dated_and_payrolls"),
        ("organization", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="month")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("entered_at", models.DateTimeField(verbose_name="entered at")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="approved")),
                ("declined_at", models.DateTimeField(blank=True, null=True, verbose_name="declined")),
                ("decline_reason", models.CharField(blank=True, max_length=200, verbose_name="reason for declining")),
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
                    "declined_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="declined by",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff member",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "adjustment",
                "verbose_name_plural": "adjustments",
                "ordering": ["-period", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="adjustment_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_by", None),
                            models.Q(
                                models.Q(("approved_by", models.F("entered_by")), _negated=True),
                                models.Q(("approved_by", models.F("staff")), _negated=True),
                                models.Q(("declined_by", models.F("entered_by")), _negated=True),
                                models.Q(("declined_by", models.F("staff")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="adjustment_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved_at", None),
                                ("approved_by", None),
                                ("declined_at", None),
                                ("declined_by", None),
                            ),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("declined_at", None),
                                ("declined_by", None),
                                models.Q(("approved_by__isnull", False), ("entered_by", None), _connector="OR"),
                            ),
                            models.Q(
                                ("approved_at", None),
                                ("approved_by", None),
                                ("declined_at__isnull", False),
                                ("declined_by__isnull", False),
                                models.Q(("decline_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="adjustment_decided_one_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("entered_by", models.F("staff")), _negated=True),
                        name="adjustment_not_of_ones_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="adjustment_not_zero"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CoefficientChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                (
                    "coefficient",
                    models.DecimalField(decimal_places=3, max_digits=6, verbose_name="temporary coefficient"),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for approval"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("revoked", "Taken back"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")),
                (
                    "decision_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="reason for the decision"),
                ),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked at")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
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
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="revoked by",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coefficient_changes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff member",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coefficient_changes",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "verbose_name": "temporary coefficient",
                "verbose_name_plural": "temporary coefficients",
                "ordering": ["-starts_on", "-id"],
                "indexes": [
                    models.Index(
                        models.F("store"),
                        models.F("starts_on"),
                        condition=models.Q(("state", "asked")),
                        name="coefficient_change_waiting",
                    ),
                    models.Index(fields=["store", "-starts_on", "-id"], name="coefficient_change_listed"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="coefficient_change_runs_forward",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__month", django.db.models.functions.datetime.ExtractMonth("starts_on")),
                            ("ends_on__year", django.db.models.functions.datetime.ExtractYear("starts_on")),
                        ),
                        name="coefficient_change_in_one_month",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("coefficient__gt", 0), ("coefficient__lt", 10)),
                        name="coefficient_change_in_bounds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="coefficient_change_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("asked_by", models.F("staff")), _negated=True),
                            models.Q(
                                ("decided_by", None),
                                models.Q(
                                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                                    models.Q(("decided_by", models.F("staff")), _negated=True),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="coefficient_change_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state__in", ["asked", "withdrawn"])),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state__in", ["approved", "declined", "revoked"]),
                            ),
                            _connector="OR",
                        ),
                        name="coefficient_change_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["declined", "revoked"]), _negated=True),
                            models.Q(("decision_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="refused_coefficient_change_says_why",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("staff", "starts_on", "ends_on"),
                        name="coefficient_change_asked_once",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("state", "approved")),
                        expressions=[
                            (
                                models.Func(
                                    models.F("staff"),
                                    models.F("staff"),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    models.F("starts_on"),
                                    models.F("ends_on"),
                                    models.Value("[]"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="one_temporary_coefficient_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Incentive",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("daily", "Daily incentive"), ("add_on", "Add-on business")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("entered_at", models.DateTimeField(verbose_name="entered at")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="approved")),
                ("declined_at", models.DateTimeField(blank=True, null=True, verbose_name="declined")),
                ("decline_reason", models.CharField(blank=True, max_length=200, verbose_name="reason for declining")),
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
                    "declined_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="declined by",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff member",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "incentive",
                "verbose_name_plural": "incentives",
                "ordering": ["-day", "-id"],
                "indexes": [
                    models.Index(
                        models.F("store"),
                        models.F("day"),
                        condition=models.Q(("approved_at", None), ("declined_at", None)),
                        name="incentive_waiting",
                    ),
                    models.Index(fields=["store", "-day", "-id"], name="incentive_listed"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="incentive_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_by", None),
                            models.Q(
                                models.Q(("approved_by", models.F("entered_by")), _negated=True),
                                models.Q(("approved_by", models.F("staff")), _negated=True),
                                models.Q(("declined_by", models.F("entered_by")), _negated=True),
                                models.Q(("declined_by", models.F("staff")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="incentive_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved_at", None),
                                ("approved_by", None),
                                ("declined_at", None),
                                ("declined_by", None),
                            ),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("declined_at", None),
                                ("declined_by", None),
                                models.Q(("approved_by__isnull", False), ("entered_by", None), _connector="OR"),
                            ),
                            models.Q(
                                ("approved_at", None),
                                ("approved_by", None),
                                ("declined_at__isnull", False),
                                ("declined_by__isnull", False),
                                models.Q(("decline_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="incentive_decided_one_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("entered_by", models.F("staff")), _negated=True),
                        name="incentive_not_of_ones_own",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="incentive_above_zero"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PayItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("base", "Base pay"),
                            ("position", "Position pay"),
                            ("skill", "Skill pay"),
                            ("meal", "Meal allowance"),
                            ("transport", "Transport allowance"),
                            ("phone", "Phone allowance"),
                            ("housing", "Housing allowance"),
                            ("weather", "Heat and cold allowance"),
                            ("allowance", "Other allowance"),
                            ("social_insurance", "Social insurance, own part"),
                            ("housing_fund", "Housing fund, own part"),
                            ("deduction", "Other deduction"),
                            ("certification", "Certification level"),
                        ],
                        max_length=20,
                        verbose_name="pay item",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount")),
                ("starts_on", models.DateField(verbose_name="holds from")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("entered_at", models.DateTimeField(verbose_name="entered at")),
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
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pay_items",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff member",
                    ),
                ),
            ],
            options={
                "verbose_name": "pay item",
                "verbose_name_plural": "pay items",
                "ordering": ["staff", "kind", "-starts_on"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("staff", "kind", "starts_on"), name="one_pay_item_per_person_kind_and_day"
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="pay_item_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "certification"), _negated=True),
                            ("amount__in", [0, 1, 2, 3, 4]),
                            _connector="OR",
                        ),
                        name="certification_level_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "pay plan",
                "verbose_name_plural": "pay plans",
                "ordering": ["store"],
                "constraints": [models.UniqueConstraint(fields=("store",), name="one_plan_per_store")],
            },
        ),
        migrations.CreateModel(
            name="PlanVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("name", models.CharField(blank=True, max_length=80, verbose_name="name")),
                ("starts_period", models.CharField(max_length=7, verbose_name="holds from month")),
                ("rules", models.JSONField(verbose_name="rules")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("approved", "Approved")],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="approved")),
                ("created_at", models.DateTimeField(verbose_name="entered at")),
                ("changed_at", models.DateTimeField(blank=True, null=True, verbose_name="changed")),
                ("asked_at", models.DateTimeField(blank=True, null=True, verbose_name="asked at")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="revision")),
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
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="commission.plan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "plan version",
                "verbose_name_plural": "plan versions",
                "ordering": ["plan", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "number"), name="plan_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "approved")),
                        fields=("plan", "starts_period"),
                        name="one_version_per_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("starts_period__regex", "^\\d{4}-(0[1-9]|1[0-2])$")),
                        name="plan_starts_in_a_month",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            ("approved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="approved_version_has_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(
                                models.Q(("approved_by", models.F("created_by")), _negated=True),
                                models.Q(("approved_by", models.F("changed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="plan_version_four_eyes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DryRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField(verbose_name="revision")),
                ("first_period", models.CharField(max_length=7, verbose_name="first month")),
                ("last_period", models.CharField(max_length=7, verbose_name="last month")),
                (
                    "state",
                    models.CharField(
                        choices=[("owed", "In the making"), ("made", "Ready"), ("failed", "Could not be made")],
                        default="owed",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="taken in hand")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                ("failure", models.CharField(blank=True, max_length=300, verbose_name="why it could not be made")),
                ("made_at", models.DateTimeField(blank=True, null=True, verbose_name="made")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dry_runs",
                        to="commission.planversion",
                        verbose_name="plan version",
                    ),
                ),
            ],
            options={
                "verbose_name": "dry run",
                "verbose_name_plural": "dry runs",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(models.F("asked_at"), condition=models.Q(("state", "owed")), name="dry_run_owed")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_period__regex", "^\\d{4}-(0[1-9]|1[0-2])$"),
                            ("last_period__regex", "^\\d{4}-(0[1-9]|1[0-2])$"),
                            ("last_period__gte", models.F("first_period")),
                        ),
                        name="dry_run_over_months",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "made"), _negated=True), ("made_at__isnull", False), _connector="OR"
                        ),
                        name="made_dry_run_has_its_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="month")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("reviewed", "Reviewed"),
                            ("approved", "Approved"),
                            ("locked", "Locked"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("figures", models.JSONField(default=dict, verbose_name="figures of the month")),
                ("warnings", models.JSONField(default=list, verbose_name="warnings")),
                ("carry_over", models.JSONField(default=list, verbose_name="carried over")),
                (
                    "net_total_amount",
                    models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name="paid out"),
                ),
                ("computed_at", models.DateTimeField(verbose_name="computed")),
                ("reviewed_at", models.DateTimeField(blank=True, null=True, verbose_name="reviewed")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="approved")),
                ("locked_at", models.DateTimeField(blank=True, null=True, verbose_name="locked")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
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
                    "computed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="computed by",
                    ),
                ),
                (
                    "locked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="locked by",
                    ),
                ),
                (
                    "plan_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="commission.planversion",
                        verbose_name="plan version",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
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
                        related_name="commission_runs",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "commission run",
                "verbose_name_plural": "commission runs",
                "ordering": ["-period", "store"],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "period"), name="one_run_per_store_and_month"),
                    models.CheckConstraint(
                        condition=models.Q(("period__regex", "^\\d{4}-(0[1-9]|1[0-2])$")), name="run_period_is_a_month"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "locked"), _negated=True), ("locked_at__isnull", False), _connector="OR"
                        ),
                        name="locked_run_has_its_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DryRunLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="month")),
                ("item", models.CharField(max_length=40, verbose_name="item code")),
                ("name", models.CharField(max_length=80, verbose_name="item")),
                ("before_amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="before")),
                ("after_amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="after")),
                (
                    "dry_run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="commission.dryrun",
                        verbose_name="dry run",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff member",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a dry run",
                "verbose_name_plural": "lines of a dry run",
                "ordering": ["dry_run", "period", "staff", "item"],
                "constraints": [
                    models.UniqueConstraint(fields=("dry_run", "period", "staff", "item"), name="dry_run_line_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="DryRunMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="month")),
                (
                    "before_amount",
                    models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name="before"),
                ),
                ("after_amount", models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name="after")),
                (
                    "paid_amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="paid out"
                    ),
                ),
                ("problems", models.JSONField(blank=True, default=list, verbose_name="what is missing")),
                (
                    "dry_run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="commission.dryrun",
                        verbose_name="dry run",
                    ),
                ),
                (
                    "against",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="commission.planversion",
                        verbose_name="version in force",
                    ),
                ),
            ],
            options={
                "verbose_name": "month of a dry run",
                "verbose_name_plural": "months of a dry run",
                "ordering": ["dry_run", "period"],
                "constraints": [models.UniqueConstraint(fields=("dry_run", "period"), name="dry_run_month_once")],
            },
        ),
        migrations.CreateModel(
            name="LateChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="month")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("receipt", "Money booked into the month"),
                            ("settlement", "Settlement of the month changed"),
                            ("inspection", "Final inspection passed again"),
                            ("labour", "Technicians of labour corrected"),
                            ("comeback", "Comeback decided"),
                            ("judgement", "Complaint judged anew"),
                            ("lifted", "Judgement of a complaint lifted"),
                            ("import", "Orders brought in by workbook"),
                            ("found", "Found by the nightly comparison"),
                        ],
                        max_length=12,
                        verbose_name="cause",
                    ),
                ),
                ("document", models.CharField(blank=True, max_length=60, verbose_name="document")),
                ("person", models.CharField(blank=True, max_length=80, verbose_name="person")),
                ("happened_at", models.DateTimeField(verbose_name="happened at")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled at")),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="late_changes",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
                (
                    "taken_up_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="late_changes",
                        to="commission.run",
                        verbose_name="looked at by the run",
                    ),
                ),
            ],
            options={
                "verbose_name": "late change",
                "verbose_name_plural": "late changes",
                "ordering": ["happened_at", "id"],
                "indexes": [
                    models.Index(
                        models.F("store"),
                        models.F("period"),
                        condition=models.Q(("settled_at", None)),
                        name="late_change_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("settled_at", None)),
                        fields=("store", "period", "cause", "document"),
                        name="late_change_waits_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period__regex", "^\\d{4}-(0[1-9]|1[0-2])$")), name="late_change_in_a_month"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CountedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(verbose_name="place")),
                ("item", models.CharField(max_length=40, verbose_name="item code")),
                ("receiver", models.CharField(blank=True, max_length=60, verbose_name="work number or team")),
                ("kind", models.CharField(max_length=20, verbose_name="source")),
                ("number", models.CharField(max_length=60, verbose_name="document")),
                ("order_number", models.CharField(blank=True, max_length=40, verbose_name="order number")),
                ("day", models.DateField(blank=True, null=True, verbose_name="day")),
                ("value", models.DecimalField(decimal_places=4, max_digits=18, verbose_name="value")),
                ("counted", models.DecimalField(decimal_places=12, max_digits=24, verbose_name="counted")),
                ("note", models.CharField(blank=True, max_length=40, verbose_name="note")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counted_rows",
                        to="commission.run",
                        verbose_name="run",
                    ),
                ),
            ],
            options={
                "verbose_name": "counted row",
                "verbose_name_plural": "counted rows",
                "ordering": ["run", "position"],
                "indexes": [
                    models.Index(fields=["number"], name="counted_row_of_document"),
                    models.Index(fields=["order_number"], name="counted_row_of_order"),
                ],
                "constraints": [models.UniqueConstraint(fields=("run", "position"), name="counted_row_once")],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("causes", models.JSONField(default=list, verbose_name="causes")),
                ("rows", models.JSONField(default=list, verbose_name="documents that count differently")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount")),
                (
                    "corrected_run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="commission.run",
                        verbose_name="corrected run",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="commission.run",
                        verbose_name="run",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
                "ordering": ["corrected_run__period", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "corrected_run"), name="month_corrected_once_by_a_run"),
                    models.CheckConstraint(
                        condition=models.Q(("run", models.F("corrected_run")), _negated=True),
                        name="run_corrects_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Computation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="month")),
                (
                    "state",
                    models.CharField(
                        choices=[("owed", "In the making"), ("made", "Ready"), ("failed", "Could not be made")],
                        default="owed",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="taken in hand")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                ("failure", models.CharField(blank=True, max_length=300, verbose_name="why it could not be made")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
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
                    "run",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="commission.run",
                        verbose_name="run",
                    ),
                ),
            ],
            options={
                "verbose_name": "computation of a month",
                "verbose_name_plural": "computations of months",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(models.F("asked_at"), condition=models.Q(("state", "owed")), name="computation_owed")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "owed")),
                        fields=("store", "period"),
                        name="month_computed_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period__regex", "^\\d{4}-(0[1-9]|1[0-2])$")), name="computation_of_a_month"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("run__isnull", False), ("state", "made")),
                            models.Q(("run", None), ("state", "failed"), models.Q(("failure", ""), _negated=True)),
                            models.Q(("run", None), ("state", "owed")),
                            _connector="OR",
                        ),
                        name="ended_computation_says_how",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("post", models.CharField(blank=True, max_length=24, verbose_name="post")),
                ("gross_amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="commission items")),
                (
                    "complaint_amount",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="taken off for complaints"
                    ),
                ),
                (
                    "appraisal_amount",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="taken off for appraisal"
                    ),
                ),
                (
                    "adjustment_amount",
                    models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name="adjustments"),
                ),
                (
                    "correction_amount",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="corrections of locked months"
                    ),
                ),
                ("net_amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="commission paid")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="statements",
                        to="commission.run",
                        verbose_name="run",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff member",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "verbose_name": "statement",
                "verbose_name_plural": "statements",
                "ordering": ["run", "staff__work_number"],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "staff"), name="one_statement_per_person_and_run"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "net_amount",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("gross_amount"), "-", models.F("complaint_amount")
                                            ),
                                            "-",
                                            models.F("appraisal_amount"),
                                        ),
                                        "+",
                                        models.F("adjustment_amount"),
                                    ),
                                    "+",
                                    models.F("correction_amount"),
                                ),
                            )
                        ),
                        name="statement_adds_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lines", models.JSONField(verbose_name="lines read")),
                ("checked_at", models.DateTimeField(verbose_name="checked at")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checks",
                        to="commission.run",
                        verbose_name="run",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff member",
                    ),
                ),
            ],
            options={
                "verbose_name": "statement check",
                "verbose_name_plural": "statement checks",
                "ordering": ["run", "staff"],
                "constraints": [models.UniqueConstraint(fields=("run", "staff"), name="statement_checked_once")],
            },
        ),
        migrations.CreateModel(
            name="PaySlip",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("post", models.CharField(blank=True, max_length=24, verbose_name="post")),
                ("base_amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="base pay")),
                ("position_amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="position pay")),
                ("skill_amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="skill pay")),
                ("allowance_amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="allowances")),
                ("commission_amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="commission")),
                (
                    "reward_amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="rewards and penalties"),
                ),
                ("other_amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="other deductions")),
                ("total_amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="pay")),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pay_slips",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff member",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.team",
                        verbose_name="team",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pay_slips",
                        to="commission.run",
                        verbose_name="run",
                    ),
                ),
                (
                    "statement",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pay_slip",
                        to="commission.statement",
                        verbose_name="statement",
                    ),
                ),
            ],
            options={
                "verbose_name": "pay statement",
                "verbose_name_plural": "pay statements",
                "ordering": ["run", "staff__work_number"],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "staff"), name="one_pay_slip_per_person_and_run"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "total_amount",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    django.db.models.expressions.CombinedExpression(
                                                        models.F("base_amount"), "+", models.F("position_amount")
                                                    ),
                                                    "+",
                                                    models.F("skill_amount"),
                                                ),
                                                "+",
                                                models.F("allowance_amount"),
                                            ),
                                            "+",
                                            models.F("commission_amount"),
                                        ),
                                        "+",
                                        models.F("reward_amount"),
                                    ),
                                    "-",
                                    models.F("other_amount"),
                                ),
                            )
                        ),
                        name="pay_slip_adds_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(verbose_name="place")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("item", "Commission item"),
                            ("deduction", "Deduction"),
                            ("adjustment", "Adjustment"),
                            ("correction", "Correction of a locked month"),
                        ],
                        default="item",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("item", models.CharField(max_length=40, verbose_name="item code")),
                ("name", models.CharField(max_length=80, verbose_name="item")),
                (
                    "base",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name="base"),
                ),
                (
                    "rate",
                    models.DecimalField(blank=True, decimal_places=10, max_digits=18, null=True, verbose_name="rate"),
                ),
                (
                    "factor",
                    models.DecimalField(
                        blank=True, decimal_places=10, max_digits=18, null=True, verbose_name="coefficient"
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount")),
                ("explanation", models.JSONField(verbose_name="explanation")),
                ("recomputed", models.JSONField(blank=True, null=True, verbose_name="worked out again")),
                (
                    "correction",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="commission.correction",
                        verbose_name="correction of the month",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="commission.statementline",
                        verbose_name="corrects",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="commission.run",
                        verbose_name="run",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="commission.statement",
                        verbose_name="statement",
                    ),
                ),
            ],
            options={
                "verbose_name": "statement line",
                "verbose_name_plural": "statement lines",
                "ordering": ["run", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "position"), name="statement_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("correction__isnull", False), ("kind", "correction")),
                            models.Q(
                                models.Q(("kind", "correction"), _negated=True),
                                ("correction", None),
                                ("corrects", None),
                                ("recomputed", None),
                            ),
                            _connector="OR",
                        ),
                        name="correction_names_its_month",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PayAppeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="what is said against it")),
                (
                    "claimed_amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="amount claimed"
                    ),
                ),
                ("appealed_at", models.DateTimeField(verbose_name="appealed at")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Before the committee"), ("granted", "Granted"), ("rejected", "Turned down")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")),
                (
                    "granted_amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="amount granted"
                    ),
                ),
                (
                    "adjustment",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeal",
                        to="commission.adjustment",
                        verbose_name="adjustment",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pay_appeals",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff member",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="commission.statement",
                        verbose_name="statement",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="commission.statementline",
                        verbose_name="statement line",
                    ),
                ),
            ],
            options={
                "verbose_name": "appeal against pay",
                "verbose_name_plural": "appeals against pay",
                "ordering": ["-appealed_at", "-id"],
                "indexes": [
                    models.Index(models.F("statement"), condition=models.Q(("state", "open")), name="pay_appeal_open")
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="pay_appeal_says_why"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("adjustment", None), ("decided_at", None), ("granted_amount", None), ("state", "open")
                            ),
                            models.Q(
                                ("adjustment__isnull", False),
                                ("decided_at__isnull", False),
                                ("granted_amount__gt", 0),
                                ("state", "granted"),
                            ),
                            models.Q(
                                ("adjustment", None),
                                ("decided_at__isnull", False),
                                ("granted_amount", None),
                                ("state", "rejected"),
                            ),
                            _connector="OR",
                        ),
                        name="pay_appeal_decided_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("claimed_amount", None), ("claimed_amount__gt", 0), _connector="OR"),
                        name="pay_appeal_claims_something",
                    ),
                    models.UniqueConstraint(
                        fields=("statement", "line"), name="pay_appeal_once_a_line", nulls_distinct=False
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PayLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(verbose_name="place")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("base", "Base pay"),
                            ("position", "Position pay"),
                            ("skill", "Skill pay"),
                            ("meal", "Meal allowance"),
                            ("transport", "Transport allowance"),
                            ("phone", "Phone allowance"),
                            ("housing", "Housing allowance"),
                            ("weather", "Heat and cold allowance"),
                            ("allowance", "Other allowance"),
                            ("social_insurance", "Social insurance, own part"),
                            ("housing_fund", "Housing fund, own part"),
                            ("deduction", "Other deduction"),
                            ("certification", "Certification level"),
                        ],
                        max_length=20,
                        verbose_name="pay item",
                    ),
                ),
                ("is_taken_off", models.BooleanField(default=False, verbose_name="taken off")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount")),
                ("explanation", models.JSONField(verbose_name="explanation")),
                (
                    "slip",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="commission.payslip",
                        verbose_name="pay statement",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pay_lines",
                        to="commission.run",
                        verbose_name="run",
                    ),
                ),
            ],
            options={
                "verbose_name": "pay line",
                "verbose_name_plural": "pay lines",
                "ordering": ["run", "position"],
                "constraints": [models.UniqueConstraint(fields=("run", "position"), name="pay_line_once")],
            },
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.CharField(max_length=40, verbose_name="item code")),
                ("name", models.CharField(max_length=80, verbose_name="item")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount")),
                ("text", models.CharField(max_length=400, verbose_name="what is wrong")),
                ("raised_at", models.DateTimeField(verbose_name="disputed at")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Waits for an answer"), ("upheld", "Upheld"), ("rejected", "Turned down")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "remedy",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("recompute", "What is on record is put right and the month computed again"),
                            ("adjustment", "By an adjustment of the month"),
                        ],
                        max_length=12,
                        verbose_name="put right by",
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=400, verbose_name="answer to the dispute")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered at")),
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
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pay_disputes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff member",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="commission.run",
                        verbose_name="run",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="disputes",
                        to="commission.statementline",
                        verbose_name="statement line",
                    ),
                ),
            ],
            options={
                "verbose_name": "dispute",
                "verbose_name_plural": "disputes",
                "ordering": ["-raised_at", "-id"],
                "indexes": [models.Index(models.F("run"), condition=models.Q(("state", "open")), name="dispute_open")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="dispute_says_what_is_wrong"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("answered_by", None), ("remedy", ""), ("state", "open")),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("state", "upheld"),
                                models.Q(("answer", ""), _negated=True),
                                models.Q(("remedy", ""), _negated=True),
                            ),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("remedy", ""),
                                ("state", "rejected"),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="dispute_answered_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_by", None),
                            models.Q(("answered_by", models.F("staff")), _negated=True),
                            _connector="OR",
                        ),
                        name="dispute_answered_by_another",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("line",), name="line_disputed_once_at_a_time"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AppealVote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="amount granted"
                    ),
                ),
                ("reasons", models.TextField(blank=True, verbose_name="reasons")),
                ("voted_at", models.DateTimeField(blank=True, null=True, verbose_name="voted at")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeal_votes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="member",
                    ),
                ),
                (
                    "appeal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="votes",
                        to="commission.payappeal",
                        verbose_name="appeal",
                    ),
                ),
            ],
            options={
                "verbose_name": "vote on an appeal",
                "verbose_name_plural": "votes on appeals",
                "ordering": ["appeal", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("appeal", "member"), name="one_vote_a_member"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount", None), ("reasons", ""), ("voted_at", None)),
                            models.Q(
                                ("amount__gte", 0),
                                ("voted_at__isnull", False),
                                models.Q(("reasons", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="vote_has_its_reasons",
                    ),
                ],
            },
        ),
    ]
