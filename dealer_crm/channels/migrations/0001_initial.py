import uuid

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organization", "0001_initial"),
        ("organization", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="UsedNonce",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nonce", models.CharField(max_length=100, unique=True)),
                ("at", models.DateTimeField(db_index=True, verbose_name="when")),
            ],
            options={
                "verbose_name": "used nonce",
                "verbose_name_plural": "used nonces",
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120, unique=True, verbose_name="occasion")),
                ("token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="reference")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("call", "Instead of a call"),
                            ("survey", "Invitation to a questionnaire"),
                            ("alarm", "Alarm to staff"),
                            ("test", "Test of the channel"),
                        ],
                        max_length=10,
                        verbose_name="purpose",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("sms", "Text message"), ("wechat", "WeChat"), ("email", "E-mail")],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("to", models.CharField(blank=True, max_length=160, verbose_name="to")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("parts", models.PositiveSmallIntegerField(default=1, verbose_name="parts billed")),
                ("template", models.CharField(blank=True, max_length=60, verbose_name="template of the carrier")),
                ("names", models.JSONField(blank=True, default=dict, verbose_name="names filled in")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sent", "Sent"),
                            ("delivered", "Delivered"),
                            ("failed", "Failed"),
                            ("refused", "Not wanted"),
                            ("expired", "Too late"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=300, verbose_name="why it did not go out")),
                ("due_at", models.DateTimeField(verbose_name="next try")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="worthless after")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                ("claimed_by", models.CharField(blank=True, max_length=40, verbose_name="in the hands of")),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="taken in hand")),
                ("gateway_id", models.CharField(blank=True, max_length=80, verbose_name="number at the carrier")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                ("delivered_at", models.DateTimeField(blank=True, null=True, verbose_name="on the phone at")),
                ("made_at", models.DateTimeField(verbose_name="ordered at")),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ordered by",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        models.F("due_at"),
                        models.F("id"),
                        condition=models.Q(("state", "waiting")),
                        name="message_queue",
                    ),
                    models.Index(fields=["store", "-id"], name="message_of_store"),
                    models.Index(fields=["store", "made_at"], name="message_by_moment"),
                    models.Index(models.F("to"), models.F("sent_at"), name="message_of_address"),
                    models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Reverse("to"), name="text_pattern_ops"
                        ),
                        name="message_by_tail",
                    ),
                    models.Index(
                        models.F("channel"),
                        models.F("gateway_id"),
                        condition=models.Q(("gateway_id", ""), _negated=True),
                        name="message_at_carrier",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claimed_at", None), ("claimed_by", "")),
                            models.Q(models.Q(("claimed_by", ""), _negated=True), ("claimed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="message_claim_is_a_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "waiting"), ("claimed_at", None), _connector="OR"),
                        name="finished_message_is_in_no_hands",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["sent", "delivered"]), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="sent_message_has_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivered_at__isnull", False), ("state", "delivered")),
                            models.Q(models.Q(("state", "delivered"), _negated=True), ("delivered_at", None)),
                            _connector="OR",
                        ),
                        name="delivered_message_has_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "sent", "delivered"]),
                            models.Q(("why", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="unsent_message_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("call", "Instead of a call"),
                            ("survey", "Invitation to a questionnaire"),
                            ("alarm", "Alarm to staff"),
                            ("test", "Test of the channel"),
                        ],
                        max_length=10,
                        verbose_name="purpose",
                    ),
                ),
                ("text", models.TextField(verbose_name="wording")),
                ("template", models.CharField(blank=True, max_length=60, verbose_name="template of the carrier")),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wordings",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "wording of a message",
                "verbose_name_plural": "wordings of messages",
                "ordering": ["store", "purpose"],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "purpose"), name="one_wording_per_purpose_and_store")
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[("sms", "Text message"), ("wechat", "WeChat"), ("email", "E-mail")],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("gateway_id", models.CharField(max_length=80, verbose_name="number at the carrier")),
                ("sender", models.CharField(max_length=20, verbose_name="from")),
                ("text", models.TextField(verbose_name="text")),
                ("is_refusal", models.BooleanField(default=False, verbose_name="means no more texts")),
                ("is_kept_here", models.BooleanField(default=False, verbose_name="refusal of an unknown number")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "store",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="text_answers",
                        to="organization.store",
                        verbose_name="store",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="answers",
                        to="channels.message",
                        verbose_name="answers",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer by text",
                "verbose_name_plural": "answers by text",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["store", "-id"], name="answer_of_store"),
                    models.Index(
                        models.F("sender"), condition=models.Q(("is_kept_here", True)), name="answer_kept_here"
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("channel", "gateway_id"), name="answer_comes_in_once")],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("accepted", "Taken by the carrier"),
                            ("put_off", "Put off"),
                            ("rejected", "Rejected"),
                            ("delivered", "Receipt: delivered"),
                            ("not_delivered", "Receipt: not delivered"),
                        ],
                        max_length=14,
                        verbose_name="outcome",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="channels.message",
                        verbose_name="message",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a message",
                "verbose_name_plural": "steps of messages",
                "ordering": ["message", "id"],
            },
        ),
    ]
