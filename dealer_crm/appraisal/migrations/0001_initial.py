from decimal import Decimal

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("files", "0001_initial"),
        ("organization", "0002_pay_is_dated_and_payrolls"),
        ("organization", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Scorecard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=20, verbose_name="code")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "posts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("advisor", "Service advisor"),
                                ("advisor_assistant", "Assistant service advisor"),
                                ("frontdesk_supervisor", "Front-desk supervisor"),
                                ("technician", "Technician"),
                                ("team_leader", "Team leader"),
                                ("accessory_seller", "Accessory seller"),
                                ("callback_agent", "Callback agent"),
                                ("crc_supervisor", "Customer-relations supervisor"),
                                ("service_manager", "Service manager"),
                                ("station_manager", "Station manager"),
                                ("cashier", "Cashier"),
                                ("workshop_supervisor", "Workshop supervisor"),
                                ("inspector", "Quality inspector"),
                                ("parts_clerk", "Parts clerk"),
                                ("payroll", "Payroll"),
                                ("group_analyst", "Group analyst"),
                                ("administrator", "Administrator"),
                            ],
                            max_length=24,
                        ),
                        size=None,
                        verbose_name="posts",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scorecards",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "scorecard",
                "verbose_name_plural": "scorecards",
                "ordering": ["store", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "code"), name="scorecard_code_once_in_a_store"),
                    models.CheckConstraint(condition=models.Q(("posts__len__gt", 0)), name="scorecard_judges_somebody"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "area",
                    models.CharField(
                        choices=[
                            ("entrance", "Entrance and parking"),
                            ("reception", "Reception hall"),
                            ("lounge", "Customer lounge"),
                            ("workshop", "Workshop"),
                            ("body_shop", "Body and paint shop"),
                            ("parts", "Parts store"),
                            ("wash", "Car wash"),
                            ("office", "Offices and files"),
                        ],
                        max_length=12,
                        verbose_name="area",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("site", "Site check"), ("five_s", "5S check"), ("papers", "Paper check")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("is_on", models.BooleanField(default=True, verbose_name="in use")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "answers",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who answers for the area",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="site_lists",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "site check-list",
                "verbose_name_plural": "site check-lists",
                "ordering": ["store", "area", "name"],
                "constraints": [models.UniqueConstraint(fields=("store", "name"), name="one_site_list_of_a_name")],
            },
        ),
        migrations.CreateModel(
            name="Star",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("month", "Service star of the month"), ("quarter", "Best staff of the quarter")],
                        max_length=7,
                        verbose_name="kind",
                    ),
                ),
                ("period", models.CharField(max_length=7, verbose_name="period")),
                (
                    "trade",
                    models.CharField(
                        choices=[
                            ("advisor", "Service advisors"),
                            ("technician", "Technicians"),
                            ("agent", "Callback agents"),
                        ],
                        max_length=10,
                        verbose_name="group",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("place", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="place by the figures")),
                ("was_proposed", models.BooleanField(verbose_name="proposed by the figures")),
                ("figures", models.JSONField(blank=True, default=list, verbose_name="figures")),
                ("chosen_at", models.DateTimeField(verbose_name="chosen at")),
                (
                    "chosen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="chosen by",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stars",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff member",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stars",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "star",
                "verbose_name_plural": "stars",
                "ordering": ["-period", "trade", "staff__work_number"],
                "indexes": [models.Index(fields=["store", "-period"], name="star_of_store")],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "period", "staff"), name="one_star_a_person_and_period"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="star_has_its_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "month"), ("period__regex", "^\\d{4}-(0[1-9]|1[0-2])$")),
                            models.Q(("kind", "quarter"), ("period__regex", "^\\d{4}-Q[1-4]$")),
                            _connector="OR",
                        ),
                        name="star_period_is_of_its_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Training",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=80, verbose_name="title")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("technical", "Technical"),
                            ("service", "Service and manners"),
                            ("product", "Product"),
                            ("system", "Rules and systems"),
                            ("safety", "Safety"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starts at")),
                (
                    "hours",
                    models.DecimalField(
                        decimal_places=1,
                        max_digits=4,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="hours",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=60, verbose_name="place")),
                ("trainer", models.CharField(max_length=40, verbose_name="trainer")),
                ("content", models.TextField(blank=True, verbose_name="content")),
                ("has_test", models.BooleanField(default=True, verbose_name="with a test")),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "Planned"), ("held", "Held"), ("called_off", "Called off")],
                        default="planned",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("ended_note", models.CharField(blank=True, max_length=200, verbose_name="remark")),
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
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trainings",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "training",
                "verbose_name_plural": "trainings",
                "ordering": ["-starts_at", "-id"],
                "indexes": [models.Index(fields=["store", "-starts_at", "-id"], name="training_of_store")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("hours__gt", 0)), name="training_takes_time"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "called_off"), _negated=True),
                            models.Q(("ended_note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="called_off_training_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="month")),
                ("score", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="score")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("entered", "entered by hand"),
                            ("imported", "from a workbook"),
                            ("sheet", "from the score sheet"),
                        ],
                        default="entered",
                        max_length=8,
                        verbose_name="origin",
                    ),
                ),
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
                        related_name="scores",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff member",
                    ),
                ),
            ],
            options={
                "verbose_name": "appraisal score",
                "verbose_name_plural": "appraisal scores",
                "ordering": ["-period", "staff"],
                "constraints": [
                    models.UniqueConstraint(fields=("staff", "period"), name="one_appraisal_score_a_month"),
                    models.CheckConstraint(condition=models.Q(("score__gte", 0)), name="score_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(("period__regex", "^\\d{4}-(0[1-9]|1[0-2])$")),
                        name="score_period_is_a_month",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScorecardVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("starts_period", models.CharField(max_length=7, verbose_name="holds from month")),
                (
                    "full_points",
                    models.DecimalField(
                        decimal_places=2, default=Decimal(100), max_digits=5, verbose_name="full points"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="what changes")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("adopted", "Adopted")],
                        default="draft",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="entered at")),
                ("adopted_at", models.DateTimeField(blank=True, null=True, verbose_name="adopted at")),
                (
                    "adopted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="adopted by",
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="appraisal.scorecard",
                        verbose_name="scorecard",
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
            ],
            options={
                "verbose_name": "version of a scorecard",
                "verbose_name_plural": "versions of scorecards",
                "ordering": ["card", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("card", "number"), name="scorecard_version_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "adopted")),
                        fields=("card", "starts_period"),
                        name="one_scorecard_version_a_month",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")), fields=("card",), name="one_draft_of_a_scorecard"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("starts_period__regex", "^\\d{4}-(0[1-9]|1[0-2])$")),
                        name="scorecard_starts_in_a_month",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("adopted_at", None), ("state", "draft")),
                            models.Q(("adopted_at__isnull", False), ("state", "adopted")),
                            _connector="OR",
                        ),
                        name="adopted_scorecard_has_its_time",
                    ),
                    models.CheckConstraint(condition=models.Q(("full_points__gt", 0)), name="scorecard_has_points"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField(verbose_name="place in the list")),
                ("text", models.CharField(max_length=120, verbose_name="what is in order")),
                (
                    "points",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="points",
                    ),
                ),
                ("needs_photo", models.BooleanField(default=False, verbose_name="always with a photo")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                (
                    "list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="appraisal.sitelist",
                        verbose_name="site check-list",
                    ),
                ),
            ],
            options={
                "verbose_name": "item of a check-list",
                "verbose_name_plural": "items of check-lists",
                "ordering": ["list", "place", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("points__gte", 1), ("points__lte", 100)), name="site_item_has_points"
                    ),
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="site_item_says_what"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SitePlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rhythm",
                    models.CharField(
                        choices=[("daily", "Every working day"), ("weekly", "Every week"), ("monthly", "Every month")],
                        max_length=8,
                        verbose_name="how often",
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "Monday"),
                            (2, "Tuesday"),
                            (3, "Wednesday"),
                            (4, "Thursday"),
                            (5, "Friday"),
                            (6, "Saturday"),
                            (7, "Sunday"),
                        ],
                        null=True,
                        verbose_name="weekday",
                    ),
                ),
                (
                    "monthday",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(28),
                        ],
                        verbose_name="day of the month",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="holds from")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="ended on")),
                (
                    "checker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="site_plans",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who checks",
                    ),
                ),
                (
                    "list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="plans",
                        to="appraisal.sitelist",
                        verbose_name="site check-list",
                    ),
                ),
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
            ],
            options={
                "verbose_name": "plan of rounds",
                "verbose_name_plural": "plans of rounds",
                "ordering": ["list", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("monthday", None), ("rhythm", "daily"), ("weekday", None)),
                            models.Q(
                                ("monthday", None), ("rhythm", "weekly"), ("weekday__gte", 1), ("weekday__lte", 7)
                            ),
                            models.Q(
                                ("monthday__gte", 1), ("monthday__lte", 28), ("rhythm", "monthly"), ("weekday", None)
                            ),
                            _connector="OR",
                        ),
                        name="site_plan_says_its_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("list", "checker", "rhythm", "weekday", "monthday"),
                        name="one_standing_site_plan",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrainingSeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "presence",
                    models.CharField(
                        blank=True,
                        choices=[("there", "Present"), ("excused", "Excused"), ("absent", "Absent")],
                        max_length=8,
                        verbose_name="presence",
                    ),
                ),
                (
                    "score",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="test score",
                    ),
                ),
                ("remark", models.CharField(blank=True, max_length=120, verbose_name="remark")),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="training_seats",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff member",
                    ),
                ),
                (
                    "training",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seats",
                        to="appraisal.training",
                        verbose_name="training",
                    ),
                ),
            ],
            options={
                "verbose_name": "participant of a training",
                "verbose_name_plural": "participants of trainings",
                "ordering": ["staff__work_number"],
                "indexes": [models.Index(fields=["staff", "training"], name="training_of_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("training", "staff"), name="one_seat_a_person_and_training"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("score", None),
                            models.Q(("presence", "there"), ("score__gte", 0), ("score__lte", 100)),
                            _connector="OR",
                        ),
                        name="who_was_there_has_a_score",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField(verbose_name="place in the list")),
                ("section", models.CharField(max_length=40, verbose_name="section")),
                ("name", models.CharField(max_length=80, verbose_name="item")),
                (
                    "kind",
                    models.CharField(
                        choices=[("indicator", "Indicator"), ("bonus", "Bonus item"), ("deduction", "Deduction item")],
                        default="indicator",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("points", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="points")),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("advisor", "Service advisor"),
                            ("frontdesk", "Front-desk supervisor"),
                            ("cashier", "Cashier"),
                            ("workshop", "Workshop supervisor"),
                            ("technician", "Technician"),
                            ("inspector", "Quality inspector"),
                            ("agent", "Callback agent"),
                            ("crc", "Customer-relations supervisor"),
                            ("manager", "Service manager"),
                            ("director", "Station manager"),
                            ("finance", "Payroll and finance"),
                            ("group", "Group analyst"),
                            ("admin", "Administrator"),
                        ],
                        max_length=10,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "scale",
                    models.CharField(
                        choices=[
                            ("given", "points as entered"),
                            ("at_least", "tiers, the higher the better"),
                            ("at_most", "tiers, the lower the better"),
                            ("linear", "in proportion between two figures"),
                            ("each", "so many points for each event"),
                            ("each_over", "so many points for each event over the target"),
                        ],
                        max_length=10,
                        verbose_name="scale",
                    ),
                ),
                ("steps", models.JSONField(blank=True, default=list, verbose_name="what is measured")),
                ("tiers", models.JSONField(blank=True, default=list, verbose_name="tiers")),
                (
                    "rest",
                    models.DecimalField(
                        decimal_places=2, default=Decimal(0), max_digits=5, verbose_name="points beyond the last tier"
                    ),
                ),
                (
                    "zero_at",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=12, null=True, verbose_name="figure that earns nothing"
                    ),
                ),
                (
                    "full_at",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=12,
                        null=True,
                        verbose_name="figure that earns everything",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="how it is judged")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="indicators",
                        to="appraisal.scorecardversion",
                        verbose_name="version of a scorecard",
                    ),
                ),
            ],
            options={
                "verbose_name": "item",
                "verbose_name_plural": "items",
                "ordering": ["version", "place", "id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("points__gt", 0)), name="indicator_has_points"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("scale", "given"), ("steps", []), models.Q(("role", ""), _negated=True)),
                            models.Q(models.Q(("scale", "given"), _negated=True), ("role", "")),
                            _connector="OR",
                        ),
                        name="indicator_entered_or_measured",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="month")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("self", "Self-score"),
                            ("entry", "Supervisor’s score"),
                            ("review", "Final review"),
                            ("final", "Final"),
                        ],
                        default="self",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                ("counted_at", models.DateTimeField(verbose_name="counted at")),
                ("self_scored_at", models.DateTimeField(blank=True, null=True, verbose_name="self-score given at")),
                ("self_remark", models.CharField(blank=True, max_length=300, verbose_name="remark of the person")),
                ("reviewed_at", models.DateTimeField(blank=True, null=True, verbose_name="reviewed at")),
                ("review_remark", models.CharField(blank=True, max_length=300, verbose_name="remark of the review")),
                ("return_reason", models.CharField(blank=True, max_length=300, verbose_name="why it was sent back")),
                (
                    "points",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="score"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
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
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff member",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
                (
                    "version_of_card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="appraisal.scorecardversion",
                        verbose_name="scorecard",
                    ),
                ),
            ],
            options={
                "verbose_name": "score sheet",
                "verbose_name_plural": "score sheets",
                "ordering": ["-period", "staff"],
                "indexes": [
                    models.Index(fields=["store", "-period"], name="sheet_of_store"),
                    models.Index(
                        models.F("store"),
                        models.F("state"),
                        condition=models.Q(("state", "final"), _negated=True),
                        name="sheet_waiting",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("staff", "period"), name="one_sheet_a_person_and_month"),
                    models.CheckConstraint(
                        condition=models.Q(("period__regex", "^\\d{4}-(0[1-9]|1[0-2])$")),
                        name="sheet_period_is_a_month",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("points__isnull", False),
                                ("reviewed_at__isnull", False),
                                ("reviewed_by__isnull", False),
                                ("state", "final"),
                            ),
                            models.Q(
                                models.Q(("state", "final"), _negated=True),
                                ("points", None),
                                ("reviewed_at", None),
                                ("reviewed_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="final_sheet_has_its_score",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reviewed_by", models.F("staff")), _negated=True),
                        name="sheet_reviewed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("points", None), models.Q(("points__gte", 0), ("points__lte", 200)), _connector="OR"
                        ),
                        name="sheet_score_in_bounds",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("planned_on", models.DateField(verbose_name="planned for")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("walking", "Under way"),
                            ("walked", "Walked"),
                            ("called_off", "Called off"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("walked_at", models.DateTimeField(blank=True, null=True, verbose_name="walked")),
                ("full", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="full points")),
                (
                    "given",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=6, null=True, verbose_name="points given"
                    ),
                ),
                ("remark", models.CharField(blank=True, max_length=300, verbose_name="remark")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "answers",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who answers for the area",
                    ),
                ),
                (
                    "checker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="site_rounds",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who checks",
                    ),
                ),
                (
                    "list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="appraisal.sitelist",
                        verbose_name="site check-list",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="rounds",
                        to="appraisal.siteplan",
                        verbose_name="plan of rounds",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="site_rounds",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "round",
                "verbose_name_plural": "rounds",
                "ordering": ["-planned_on", "-id"],
                "indexes": [
                    models.Index(fields=["store", "-planned_on", "-id"], name="site_round_of_store"),
                    models.Index(
                        models.F("checker"),
                        models.F("planned_on"),
                        condition=models.Q(("state__in", ("planned", "walking"))),
                        name="site_round_open",
                    ),
                    models.Index(models.F("answers"), models.F("walked_at"), name="site_round_of_area"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "planned_on"), name="one_round_a_plan_and_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("full__gt", 0),
                                ("given__isnull", False),
                                ("state", "walked"),
                                ("walked_at__isnull", False),
                            ),
                            models.Q(
                                models.Q(("state", "walked"), _negated=True),
                                ("full", None),
                                ("given", None),
                                ("walked_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="walked_round_has_its_points",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("given", None),
                            models.Q(("given__gte", 0), ("given__lte", models.F("full"))),
                            _connector="OR",
                        ),
                        name="round_points_within_full",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SheetAppeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="what is said against it")),
                ("appealed_at", models.DateTimeField(verbose_name="appealed at")),
                ("is_accepted", models.BooleanField(blank=True, null=True, verbose_name="accepted")),
                ("answer", models.TextField(blank=True, verbose_name="answer to the appeal")),
                ("score_before", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="score before")),
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
                    "reviewed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewed by",
                    ),
                ),
                (
                    "sheet",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeal",
                        to="appraisal.sheet",
                        verbose_name="score sheet",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheet_appeals",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff member",
                    ),
                ),
            ],
            options={
                "verbose_name": "appeal against a score sheet",
                "verbose_name_plural": "appeals against score sheets",
                "ordering": ["-appealed_at", "-id"],
                "indexes": [
                    models.Index(models.F("sheet"), condition=models.Q(("decided_at", None)), name="sheet_appeal_open")
                ],
                "constraints": [
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
                        name="sheet_appeal_is_decided_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", models.F("staff")), _negated=True),
                        name="sheet_appeal_decided_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SheetLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("explanation", models.JSONField(blank=True, null=True, verbose_name="explanation")),
                (
                    "measured_points",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="measured"),
                ),
                (
                    "self_points",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="self-score"
                    ),
                ),
                (
                    "given_points",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="points given"
                    ),
                ),
                ("given_note", models.CharField(blank=True, max_length=300, verbose_name="reason for the points")),
                ("given_at", models.DateTimeField(blank=True, null=True, verbose_name="points given at")),
                (
                    "final_points",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="points after review"
                    ),
                ),
                ("final_reason", models.CharField(blank=True, max_length=300, verbose_name="reason for the change")),
                (
                    "given_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="points given by",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="appraisal.indicator",
                        verbose_name="item",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="appraisal.sheet",
                        verbose_name="score sheet",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a score sheet",
                "verbose_name_plural": "lines of score sheets",
                "ordering": ["sheet", "indicator__place", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("sheet", "indicator"), name="sheet_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("explanation__isnull", True), ("measured_points", None)),
                            models.Q(
                                ("explanation__isnull", False),
                                ("given_points", None),
                                ("measured_points__isnull", False),
                                ("self_points", None),
                            ),
                            _connector="OR",
                        ),
                        name="sheet_line_measured_or_entered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given_at", None), ("given_by", None), ("given_points", None)),
                            models.Q(
                                ("given_at__isnull", False),
                                ("given_by__isnull", False),
                                ("given_points__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="given_points_say_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("final_points", None), ("final_reason", "")),
                            models.Q(("final_points__isnull", False), models.Q(("final_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="changed_points_say_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=120, verbose_name="what is in order")),
                ("full", models.PositiveSmallIntegerField(verbose_name="full points")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("fine", "In order"), ("wrong", "Not in order"), ("none", "Does not apply")],
                        max_length=5,
                        verbose_name="verdict",
                    ),
                ),
                (
                    "given",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=5, null=True, verbose_name="points given"
                    ),
                ),
                ("what", models.CharField(blank=True, max_length=300, verbose_name="what is wrong")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="remedied by")),
                ("noted_at", models.DateTimeField(verbose_name="checked at")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="appraisal.siteitem",
                        verbose_name="item of a check-list",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="checked by",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who remedies it",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="appraisal.siteround",
                        verbose_name="round",
                    ),
                ),
            ],
            options={
                "verbose_name": "result of a check",
                "verbose_name_plural": "results of checks",
                "ordering": ["item__place", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "item"), name="item_once_a_round"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given", None), ("verdict", "none")),
                            models.Q(("given", models.F("full")), ("verdict", "fine")),
                            models.Q(("given__gte", 0), ("given__lt", models.F("full")), ("verdict", "wrong")),
                            _connector="OR",
                        ),
                        name="verdict_has_its_points",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("due_on__isnull", False),
                                ("owner__isnull", False),
                                ("verdict", "wrong"),
                                models.Q(("what", ""), _negated=True),
                            ),
                            models.Q(models.Q(("verdict", "wrong"), _negated=True), ("due_on", None), ("owner", None)),
                            _connector="OR",
                        ),
                        name="wrong_item_says_what_and_who",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SitePhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_after", models.BooleanField(default=False, verbose_name="after the remedy")),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="file",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken by",
                    ),
                ),
                (
                    "result",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="appraisal.siteresult",
                        verbose_name="result of a check",
                    ),
                ),
            ],
            options={
                "verbose_name": "photo of a check",
                "verbose_name_plural": "photos of checks",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="SiteFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=300, verbose_name="what is wrong")),
                ("due_on", models.DateField(verbose_name="remedied by")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("remedied", "Remedied, to be checked"), ("closed", "Closed")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("times", models.PositiveSmallIntegerField(default=1, verbose_name="times in a row")),
                ("found_at", models.DateTimeField(verbose_name="found at")),
                ("remedy", models.CharField(blank=True, max_length=300, verbose_name="what was done about it")),
                ("remedied_at", models.DateTimeField(blank=True, null=True, verbose_name="remedied at")),
                ("sent_back", models.CharField(blank=True, max_length=200, verbose_name="why it was sent back")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="closed by",
                    ),
                ),
                (
                    "found_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="found by",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="site_findings",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who remedies it",
                    ),
                ),
                (
                    "repeats",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repeated_by",
                        to="appraisal.sitefinding",
                        verbose_name="repeats",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="site_findings",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="appraisal.siteitem",
                        verbose_name="item of a check-list",
                    ),
                ),
                (
                    "result",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="finding",
                        to="appraisal.siteresult",
                        verbose_name="result of a check",
                    ),
                ),
            ],
            options={
                "verbose_name": "finding",
                "verbose_name_plural": "findings",
                "ordering": ["-found_at", "-id"],
                "indexes": [
                    models.Index(fields=["store", "-found_at", "-id"], name="finding_of_store"),
                    models.Index(fields=["item", "-found_at"], name="finding_of_item"),
                    models.Index(
                        models.F("owner"),
                        models.F("due_on"),
                        condition=models.Q(("state", "closed"), _negated=True),
                        name="finding_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("remedied_at", None), ("state", "open")),
                            models.Q(
                                ("closed_at", None),
                                ("remedied_at__isnull", False),
                                ("state", "remedied"),
                                models.Q(("remedy", ""), _negated=True),
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("remedied_at__isnull", False),
                                ("state", "closed"),
                                models.Q(("remedy", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="finding_state_has_its_moments",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("repeats", None), ("times", 1)),
                            models.Q(("repeats__isnull", False), ("times__gt", 1)),
                            _connector="OR",
                        ),
                        name="repeated_finding_counts_on",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None)),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="closed_finding_names_who",
                    ),
                ],
            },
        ),
    ]
