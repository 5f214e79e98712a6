"""Requests of members, their answers, renewals; and the day until which each row's membership runs."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from beffroi.records.append_only import guard

TABLES = ("records_request", "records_requestanswer", "records_renewal")


def keep(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Guard the entries, and read from the rows until when each membership runs."""
    guard(editor, TABLES)
    held = apps.get_model("records", "Placement").objects.filter(version__isnull=False).select_related("version")
    changed = []
    for one in held.defer("version__raw").iterator(2_000):
        one.paid_until = one.version.fields.get("member_until", "")
        if one.paid_until:
            changed.append(one)
    apps.get_model("records", "Placement").objects.bulk_update(changed, ["paid_until"], batch_size=400)


class Migration(migrations.Migration):
    """Three tables of entries and a column of a reading."""

    dependencies = [("records", "0004_charter")]

    operations = [
        migrations.AddField("placement", "paid_until", models.CharField(blank=True, default="", max_length=10)),
        migrations.CreateModel(
            name="Request",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.BigIntegerField()),
                ("field", models.CharField(max_length=40)),
                ("value", models.TextField(blank=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="records.event"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="records.sourcerecord"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RequestAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_accepted", models.BooleanField()),
                ("reason", models.TextField(blank=True)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="records.event"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="records.request"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Renewal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateField()),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="renewals", to="records.event"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="renewals", to="records.sourcerecord"
                    ),
                ),
            ],
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
