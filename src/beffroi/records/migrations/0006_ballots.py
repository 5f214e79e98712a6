"""Drafts, votes and ballots."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from beffroi.records.append_only import guard

TABLES = (
    "records_draftroom",
    "records_draftseat",
    "records_draftversion",
    "records_draftstep",
    "records_draftremark",
    "records_draftanswer",
    "records_ballotvote",
    "records_ballotelector",
    "records_ballotmandate",
    "records_ballotact",
    "records_urnslip",
    "records_ballotclosing",
    "records_ballotmail",
)


def keep(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Guard the entries; the heads of the logs move on."""
    guard(editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0005_registry"),
    ]

    operations = [
        migrations.CreateModel(
            name="BallotVote",
            fields=[
                ("id", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("body", models.CharField(max_length=60)),
                ("rule", models.JSONField()),
                ("title", models.CharField(max_length=200)),
                ("opens", models.CharField(max_length=20)),
                ("closes", models.CharField(db_index=True, max_length=20)),
                ("is_secret", models.BooleanField()),
                ("visibility", models.CharField(max_length=10)),
                ("text_number", models.IntegerField()),
                ("text", models.TextField()),
                ("statutes", models.JSONField()),
                ("candidates", models.JSONField()),
                ("keys", models.JSONField()),
                ("seat_rule", models.JSONField(null=True)),
                ("text_sha256", models.CharField(max_length=64)),
                ("electorate_sha256", models.CharField(max_length=64)),
                ("rules_sha256", models.CharField(max_length=64)),
                ("enrolled", models.IntegerField()),
                ("enrolled_weight", models.CharField(max_length=130)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="DraftRoom",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="BallotHead",
            fields=[
                (
                    "vote",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="head",
                        serialize=False,
                        to="records.ballotvote",
                    ),
                ),
                ("number", models.IntegerField()),
                ("hash", models.CharField(max_length=64)),
                ("last", models.CharField(max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="BallotClosing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("outcome", models.CharField(max_length=20)),
                ("result", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=60)),
                (
                    "vote",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="closing", to="records.ballotvote"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftRemark",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("round", models.IntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("content", models.TextField()),
                ("organisation", models.CharField(blank=True, default="", max_length=40)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(blank=True, default="", max_length=60)),
                (
                    "vote",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="records.ballotvote",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="remarks", to="records.draftroom"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.TextField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=60)),
                (
                    "remark",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="records.draftremark"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="ballotvote",
            name="room",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="votes", to="records.draftroom"
            ),
        ),
        migrations.CreateModel(
            name="DraftSeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.BigIntegerField(db_index=True)),
                ("is_in", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=60)),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="records.draftroom"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.IntegerField()),
                ("number", models.IntegerField()),
                ("content", models.TextField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=60)),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="records.draftroom"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=60)),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="records.draftroom"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.draftversion"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="ballotvote",
            name="version",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="votes", to="records.draftversion"
            ),
        ),
        migrations.CreateModel(
            name="UrnSlip",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("class_id", models.CharField(max_length=300)),
                ("token", models.CharField(max_length=64)),
                ("signature", models.TextField()),
                ("choice", models.JSONField()),
                ("changes", models.IntegerField()),
                (
                    "vote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="slips", to="records.ballotvote"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BallotElector",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.IntegerField()),
                ("organisation", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=300)),
                ("weight", models.CharField(max_length=130)),
                ("college", models.CharField(blank=True, max_length=60)),
                ("territory", models.CharField(blank=True, max_length=60)),
                ("is_aggregated", models.BooleanField(default=False)),
                ("conflict", models.TextField(null=True)),
                (
                    "vote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="electors", to="records.ballotvote"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("vote", "organisation"), name="elector_once")],
            },
        ),
        migrations.CreateModel(
            name="BallotAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("act", models.CharField(max_length=10)),
                ("organisation", models.CharField(blank=True, max_length=40)),
                ("target", models.CharField(blank=True, max_length=40)),
                ("body", models.JSONField()),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "vote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acts", to="records.ballotvote"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["vote", "organisation", "number"], name="ballot_act_of"),
                    models.Index(fields=["vote", "target"], name="ballot_act_to"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("vote", "number"), name="ballot_act_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("act__in", ("open", "attend", "delegate", "revoke", "cast", "token", "close"))
                        ),
                        name="ballot_act_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BallotMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.BigIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=60)),
                (
                    "vote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mails", to="records.ballotvote"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("invitation", "reminder", "result"))), name="ballot_mail"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BallotMandate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("organisation", models.CharField(max_length=40)),
                ("person", models.CharField(max_length=60)),
                ("since", models.CharField(max_length=20)),
                ("until", models.CharField(max_length=20, null=True)),
                (
                    "vote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mandates", to="records.ballotvote"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["vote", "organisation"], name="ballot_mandate_of"),
                    models.Index(fields=["vote", "person"], name="ballot_mandate_by"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="draftremark",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("comment", "objection"))), name="draft_remark"
            ),
        ),
        migrations.AddConstraint(
            model_name="draftversion",
            constraint=models.UniqueConstraint(fields=("room", "round", "number"), name="draft_version"),
        ),
        migrations.AddConstraint(
            model_name="draftstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("handed_in", "taken_back"))), name="draft_step"
            ),
        ),
        migrations.AddConstraint(
            model_name="ballotvote",
            constraint=models.CheckConstraint(
                condition=models.Q(("visibility__in", ("public", "members"))), name="vote_visibility"
            ),
        ),
        migrations.AddConstraint(
            model_name="ballotvote",
            constraint=models.CheckConstraint(condition=models.Q(("opens__lt", models.F("closes"))), name="vote_times"),
        ),
        migrations.AddConstraint(
            model_name="urnslip",
            constraint=models.UniqueConstraint(fields=("vote", "token", "changes"), name="urn_slip"),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
