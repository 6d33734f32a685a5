"""Sections become rows of a version, because a house makes questionnaires with sections of its own; questions get
wordings by language and channel. Whatever belongs to a published version is frozen like its questions.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

MOVE = """
ALTER TABLE satisfaction_question DISABLE TRIGGER satisfaction_question_frozen;
INSERT INTO satisfaction_section (version_id, position, code, name)
SELECT version_id, row_number() OVER (PARTITION BY version_id ORDER BY min(position)), step,
       CASE step WHEN 'appointment' THEN '预约' WHEN 'reception' THEN '接待' WHEN 'environment' THEN '环境'
                 WHEN 'waiting' THEN '维修等待' WHEN 'quality' THEN '维修质量' WHEN 'charges' THEN '收费'
                 ELSE '交车与跟踪' END
  FROM satisfaction_question WHERE step <> '' GROUP BY version_id, step;
UPDATE satisfaction_question q
   SET section_id = (SELECT id FROM satisfaction_section s WHERE s.version_id = q.version_id AND s.code = q.step),
       is_overall = q.code = 'ZT';
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE satisfaction_question ENABLE TRIGGER satisfaction_question_frozen;
"""
MOVE_BACK = """
ALTER TABLE satisfaction_question DISABLE TRIGGER satisfaction_question_frozen;
UPDATE satisfaction_question q
   SET step = coalesce((SELECT code FROM satisfaction_section s WHERE s.id = q.section_id), ''), section_id = NULL;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE satisfaction_question ENABLE TRIGGER satisfaction_question_frozen;
"""
FREEZE = """
CREATE TRIGGER satisfaction_section_frozen BEFORE INSERT OR UPDATE OR DELETE ON satisfaction_section
    FOR EACH ROW EXECUTE FUNCTION satisfaction_question_frozen();

CREATE FUNCTION satisfaction_wording_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM satisfaction_question q JOIN satisfaction_questionnaireversion v ON v.id = q.version_id
     WHERE v.published_at IS NOT NULL
       AND q.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.question_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.question_id END);
    IF FOUND THEN
        RAISE EXCEPTION 'a published questionnaire version is frozen; make a new version' USING ERRCODE = 'check_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER satisfaction_wording_frozen BEFORE INSERT OR UPDATE OR DELETE ON satisfaction_wording
    FOR EACH ROW EXECUTE FUNCTION satisfaction_wording_frozen();
"""
THAW = """
DROP TRIGGER satisfaction_wording_frozen ON satisfaction_wording;
DROP FUNCTION satisfaction_wording_frozen();
DROP TRIGGER satisfaction_section_frozen ON satisfaction_section;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("organization", "0002_passwords_made_by_others"),
        ("reception", "0013_add_ons_at_agreed_prices"),
        ("satisfaction", "0004_plain_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Wording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-hans", "简体中文"), ("en", "English")],
                        default="zh-hans",
                        max_length=8,
                        verbose_name="language",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[("call", "Call"), ("link", "Link"), ("qr", "QR code"), ("tablet", "Tablet")],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="question wording")),
                ("choices", models.JSONField(blank=True, default=list, verbose_name="choices")),
            ],
            options={
                "verbose_name": "wording",
                "verbose_name_plural": "wordings",
                "ordering": ["question", "language", "channel"],
            },
        ),
        migrations.AddField(
            model_name="question",
            name="about",
            field=models.CharField(blank=True, max_length=20, verbose_name="about the factor"),
        ),
        migrations.AddField(
            model_name="question",
            name="aspect",
            field=models.CharField(
                choices=[
                    ("perception", "How it was"),
                    ("expectation", "What was expected"),
                    ("importance", "How much it matters"),
                ],
                default="perception",
                max_length=12,
                verbose_name="asks for",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="construct",
            field=models.CharField(
                blank=True,
                choices=[
                    ("expectation", "Customer expectation"),
                    ("quality", "Perceived quality"),
                    ("value", "Perceived value"),
                    ("satisfaction", "Customer satisfaction"),
                    ("complaints", "Customer complaints"),
                    ("loyalty", "Customer loyalty"),
                ],
                max_length=14,
                verbose_name="composite score",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="is_overall",
            field=models.BooleanField(default=False, verbose_name="asks for the overall satisfaction"),
        ),
        migrations.AddField(
            model_name="questionnaireversion",
            name="created_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="drafted at"),
        ),
        migrations.AddField(
            model_name="questionnaireversion",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="drafted by",
            ),
        ),
        migrations.AddField(
            model_name="questionnaireversion",
            name="starts_on",
            field=models.DateField(
                blank=True,
                help_text="The first day it is asked; empty: since it was published.",
                null=True,
                verbose_name="asked from",
            ),
        ),
        migrations.AddField(
            model_name="response",
            name="vehicle",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="responses",
                to="reception.vehicle",
                verbose_name="vehicle",
            ),
        ),
        migrations.CreateModel(
            name="Ballot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="month")),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ballots",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff member",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ballots",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ballots",
                        to="satisfaction.questionnaireversion",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "ballot",
                "verbose_name_plural": "ballots",
                "ordering": ["-period", "staff"],
            },
        ),
        migrations.CreateModel(
            name="FactorTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("factor_code", models.CharField(max_length=20, verbose_name="factor code")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("mean", models.DecimalField(decimal_places=2, max_digits=4, verbose_name="target mean")),
                (
                    "store",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: every store.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="factor_targets",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "factor target",
                "verbose_name_plural": "factor targets",
                "ordering": ["factor_code", "-starts_on"],
            },
        ),
        migrations.CreateModel(
            name="FactoryRank",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="month")),
                ("survey", models.CharField(max_length=40, verbose_name="factory survey")),
                ("region", models.CharField(max_length=40, verbose_name="region")),
                ("place", models.PositiveIntegerField(verbose_name="rank")),
                ("of", models.PositiveIntegerField(verbose_name="stores in the region")),
                (
                    "score",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=7, null=True, verbose_name="score of the factory"
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="factory_ranks",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "factory rank",
                "verbose_name_plural": "factory ranks",
                "ordering": ["-period", "survey"],
            },
        ),
        migrations.CreateModel(
            name="Guess",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="month")),
                ("factor_code", models.CharField(max_length=20, verbose_name="factor code")),
                ("mean", models.DecimalField(decimal_places=2, max_digits=4, verbose_name="guessed mean")),
                ("guessed_at", models.DateTimeField(verbose_name="guessed at")),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="guesses",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="guessed by",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="guesses",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "guess",
                "verbose_name_plural": "guesses",
                "ordering": ["-period", "staff", "factor_code"],
            },
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(verbose_name="place")),
                ("code", models.CharField(max_length=20, verbose_name="section code")),
                ("name", models.CharField(max_length=60, verbose_name="section")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sections",
                        to="satisfaction.questionnaireversion",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "section",
                "verbose_name_plural": "sections",
                "ordering": ["version", "position"],
            },
        ),
        migrations.AddField(
            model_name="question",
            name="section",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions",
                to="satisfaction.section",
                verbose_name="section",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("aspect", "perception"),
                    models.Q(models.Q(("about", ""), _negated=True), ("weight", None)),
                    _connector="OR",
                ),
                name="other_aspects_name_their_factor",
                violation_error_message="A question about expectation or importance names its factor and has no weight.",
            ),
        ),
        migrations.AddField(
            model_name="wording",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="wordings",
                to="satisfaction.question",
                verbose_name="question",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.UniqueConstraint(
                fields=("version", "period", "staff"),
                name="one_ballot_per_round",
                violation_error_message="You have answered this round already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="factortarget",
            constraint=models.UniqueConstraint(
                fields=("store", "factor_code", "starts_on"),
                name="one_factor_target_per_day",
                nulls_distinct=False,
                violation_error_message="There is a target from this day already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="factortarget",
            constraint=models.CheckConstraint(
                condition=models.Q(("mean__gte", 1), ("mean__lte", 10)),
                name="factor_target_on_its_scale",
                violation_error_message="A target lies between 1 and 10.",
            ),
        ),
        migrations.AddConstraint(
            model_name="factoryrank",
            constraint=models.UniqueConstraint(
                fields=("store", "period", "survey"),
                name="one_factory_rank_per_survey",
                violation_error_message="The place in this survey and month is known already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="factoryrank",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__gte", 1), ("place__lte", models.F("of"))),
                name="factory_rank_within_region",
                violation_error_message="The place lies between 1 and the number of stores.",
            ),
        ),
        migrations.AddConstraint(
            model_name="guess",
            constraint=models.UniqueConstraint(
                fields=("store", "period", "staff", "factor_code"),
                name="one_guess_per_factor",
                violation_error_message="You have given your guess for this month already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="guess",
            constraint=models.CheckConstraint(
                condition=models.Q(("mean__gte", 1), ("mean__lte", 10)),
                name="guess_on_its_scale",
                violation_error_message="A guess lies between 1 and 10.",
            ),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.UniqueConstraint(
                fields=("version", "code"),
                name="section_code_once_per_version",
                violation_error_message="There is a section with this code already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="wording",
            constraint=models.UniqueConstraint(
                fields=("question", "language", "channel"),
                name="one_wording_per_language_and_channel",
                violation_error_message="There is a wording for this language and channel already.",
            ),
        ),
        migrations.RunSQL(MOVE, MOVE_BACK),
        migrations.RemoveField(model_name="question", name="step"),
        migrations.RunSQL(FREEZE, THAW),
    ]
