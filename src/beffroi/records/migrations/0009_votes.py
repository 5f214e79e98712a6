"""Votes that are cancelled."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from beffroi.records.append_only import guard

ACTS = ("open", "attend", "delegate", "revoke", "cast", "token", "close", "cancel")
MAILS = ("invitation", "reminder", "result", "cancelled")
TABLES = ("records_ballotact", "records_ballotmail", "records_ballotcancelling")


def keep(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Guard the new table, and those that SQLite made again for their constraints."""
    guard(editor, TABLES)


class Migration(migrations.Migration):
    """One table, one more act and one more kind of message."""

    dependencies = [
        ("records", "0008_ideas"),
    ]

    operations = [
        migrations.CreateModel(
            name="BallotCancelling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("office", models.CharField(max_length=20)),
                ("hash", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=60)),
                (
                    "vote",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cancelling", to="records.ballotvote"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("office__in", ("election_officer", "operator"))), name="ballot_office"
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="ballotact", name="ballot_act_kind"),
        migrations.AddConstraint(
            model_name="ballotact",
            constraint=models.CheckConstraint(condition=models.Q(("act__in", ACTS)), name="ballot_act_kind"),
        ),
        migrations.RemoveConstraint(model_name="ballotmail", name="ballot_mail"),
        migrations.AddConstraint(
            model_name="ballotmail",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", MAILS)), name="ballot_mail"),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
