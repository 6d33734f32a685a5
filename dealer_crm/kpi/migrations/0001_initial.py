import django.db.models.deletion
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
            name="FactMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="month")),
                ("made_at", models.DateTimeField(verbose_name="counted at")),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "counted month",
                "verbose_name_plural": "counted months",
                "constraints": [
                    models.UniqueConstraint(fields=("store", "period"), name="one_count_of_a_month"),
                    models.CheckConstraint(
                        condition=models.Q(("period__regex", "^\\d{4}-(0[1-9]|1[0-2])$")),
                        name="counted_period_is_a_month",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GoalMeeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="month")),
                ("opened_at", models.DateTimeField(verbose_name="prepared at")),
                ("figures_at", models.DateTimeField(verbose_name="state of the figures")),
                ("present", models.CharField(blank=True, max_length=300, verbose_name="present")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("held_at", models.DateTimeField(blank=True, null=True, verbose_name="held")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "held_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="closed by",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="prepared by",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="goal_meetings",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "goal meeting",
                "verbose_name_plural": "goal meetings",
                "ordering": ["-period", "store"],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "period"), name="one_goal_meeting_per_month"),
                    models.CheckConstraint(
                        condition=models.Q(("period__regex", "^\\d{4}-(0[1-9]|1[0-2])$")),
                        name="goal_meeting_period_is_a_month",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("held_at__isnull", True), ("held_by__isnull", False), _connector="OR"),
                        name="held_meeting_has_its_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="month")),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("output", "Output"),
                            ("car_count", "Cars received"),
                            ("accessory_sales", "Accessory sales"),
                            ("margin", "Gross margin"),
                            ("on_time", "Delivered on time"),
                            ("external_comeback", "External comebacks"),
                            ("internal_rework", "Internal rework"),
                            ("first_time_fix", "Fixed the first time"),
                            ("labour_utilisation", "Labour utilisation"),
                            ("work_efficiency", "Work efficiency"),
                            ("appointment_rate", "Orders by appointment"),
                            ("appointments_kept", "Appointments kept"),
                            ("parts_fill", "Parts there at once"),
                            ("recovery", "Receivables recovered"),
                            ("call_coverage", "After-service calls made"),
                            ("call_in_window", "After-service calls in the window"),
                            ("call_connected", "Calls that were answered"),
                            ("complaint_rate", "Complaint rate"),
                            ("complaint_replied", "First reply in time"),
                            ("complaint_solved", "Solved in time"),
                            ("complaint_content", "Satisfied with the result"),
                            ("customer_loss", "Customers lost"),
                            ("first_service_loss", "First services lost"),
                            ("service_compliance", "Services on schedule"),
                            ("insurance_renewal", "Insurances renewed"),
                            ("member_share", "Members among customers"),
                            ("csi", "Service index (CSI)"),
                            ("ssi", "Sales index (SSI)"),
                            ("ten_questions", "Ten-question check"),
                            ("nps", "Recommendation (NPS)"),
                        ],
                        max_length=32,
                        verbose_name="measure",
                    ),
                ),
                (
                    "order_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("maintenance", "Regular maintenance"),
                            ("first_service", "First service"),
                            ("repair", "Ordinary repair"),
                            ("accident", "Accident repair"),
                            ("warranty", "Warranty"),
                            ("pdi", "PDI"),
                            ("campaign", "Free campaign"),
                            ("accessory", "Accessory fitting"),
                            ("comeback", "Comeback"),
                        ],
                        default="",
                        max_length=16,
                        verbose_name="order type",
                    ),
                ),
                ("goal", models.DecimalField(decimal_places=4, max_digits=18, verbose_name="goal")),
                (
                    "floor",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name="floor"),
                ),
                ("is_signed", models.BooleanField(default=False, verbose_name="signed")),
                ("set_at", models.DateTimeField(verbose_name="set at")),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="set by",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targets",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff member",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targets",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targets",
                        to="organization.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "verbose_name": "target",
                "verbose_name_plural": "targets",
                "ordering": ["store", "-period", "measure"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("store", "period", "measure", "staff", "team", "order_kind"),
                        name="one_target_per_measure_and_month",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(condition=models.Q(("goal__gte", 0)), name="target_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(("staff__isnull", True), ("team__isnull", True), _connector="OR"),
                        name="target_is_of_a_team_or_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period__regex", "^\\d{4}-(0[1-9]|1[0-2])$")),
                        name="target_period_is_a_month",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TouchedMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("store_id", models.BigIntegerField(verbose_name="store")),
                ("period", models.CharField(max_length=7, verbose_name="month")),
            ],
            options={
                "verbose_name": "touched month",
                "verbose_name_plural": "touched months",
                "indexes": [models.Index(fields=["store_id", "period"], name="touched_month")],
            },
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.CharField(max_length=24, verbose_name="part")),
                ("cut", models.CharField(blank=True, default="", max_length=16, verbose_name="cut")),
                ("day", models.DateField(null=True, verbose_name="day")),
                ("number", models.DecimalField(decimal_places=8, max_digits=24, verbose_name="number")),
                (
                    "month",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="facts",
                        to="kpi.factmonth",
                        verbose_name="month",
                    ),
                ),
            ],
            options={
                "verbose_name": "counted number",
                "verbose_name_plural": "counted numbers",
                "indexes": [
                    models.Index(
                        condition=models.Q(("day", None)),
                        fields=["month"],
                        include=("part", "number"),
                        name="fact_of_month",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "part", "cut", "day"),
                        name="one_number_per_part_cut_and_day",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GoalLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("output", "Output"),
                            ("car_count", "Cars received"),
                            ("accessory_sales", "Accessory sales"),
                            ("margin", "Gross margin"),
                            ("on_time", "Delivered on time"),
                            ("external_comeback", "External comebacks"),
                            ("internal_rework", "Internal rework"),
                            ("first_time_fix", "Fixed the first time"),
                            ("labour_utilisation", "Labour utilisation"),
                            ("work_efficiency", "Work efficiency"),
                            ("appointment_rate", "Orders by appointment"),
                            ("appointments_kept", "Appointments kept"),
                            ("parts_fill", "Parts there at once"),
                            ("recovery", "Receivables recovered"),
                            ("call_coverage", "After-service calls made"),
                            ("call_in_window", "After-service calls in the window"),
                            ("call_connected", "Calls that were answered"),
                            ("complaint_rate", "Complaint rate"),
                            ("complaint_replied", "First reply in time"),
                            ("complaint_solved", "Solved in time"),
                            ("complaint_content", "Satisfied with the result"),
                            ("customer_loss", "Customers lost"),
                            ("first_service_loss", "First services lost"),
                            ("service_compliance", "Services on schedule"),
                            ("insurance_renewal", "Insurances renewed"),
                            ("member_share", "Members among customers"),
                            ("csi", "Service index (CSI)"),
                            ("ssi", "Sales index (SSI)"),
                            ("ten_questions", "Ten-question check"),
                            ("nps", "Recommendation (NPS)"),
                        ],
                        max_length=32,
                        verbose_name="measure",
                    ),
                ),
                ("goal", models.DecimalField(decimal_places=4, max_digits=18, verbose_name="goal")),
                (
                    "actual",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name="actual"),
                ),
                ("is_ceiling", models.BooleanField(default=False, verbose_name="at most")),
                ("cause", models.TextField(blank=True, verbose_name="cause")),
                ("remedy", models.TextField(blank=True, verbose_name="countermeasure")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                ("result", models.TextField(blank=True, verbose_name="result")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="done by",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="goal_lines",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="in charge",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="kpi.goalmeeting",
                        verbose_name="goal meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "matter of a goal meeting",
                "verbose_name_plural": "matters of a goal meeting",
                "ordering": ["meeting", "id"],
                "indexes": [
                    models.Index(
                        models.F("owner"),
                        models.F("due_on"),
                        condition=models.Q(("done_at", None)),
                        name="goal_line_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "measure"), name="one_line_per_measure_and_meeting"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due_on__isnull", True), ("owner__isnull", True)),
                            models.Q(
                                ("due_on__isnull", False),
                                ("owner__isnull", False),
                                models.Q(("remedy", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="agreed_line_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_at__isnull", True),
                            models.Q(
                                ("done_by__isnull", False),
                                ("owner__isnull", False),
                                models.Q(("result", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="done_line_says_how",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TargetSignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("signed_at", models.DateTimeField(verbose_name="signed at")),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signed by",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signatures",
                        to="kpi.target",
                        verbose_name="target",
                    ),
                ),
            ],
            options={
                "verbose_name": "signature",
                "verbose_name_plural": "signatures",
                "constraints": [models.UniqueConstraint(fields=("target", "staff"), name="one_signature_per_person")],
            },
        ),
    ]
