"""Who may act for whom, and the log of the door."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from beffroi.records.append_only import guard

TABLES = ("records_mandate", "records_mandateend", "records_auditentry")


def keep(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Guard the entries and open the log of the door, beside that of the registry (row 1)."""
    guard(editor, TABLES)
    apps.get_model("records", "LogHead").objects.get_or_create(pk=2)


class Migration(migrations.Migration):
    """Three tables of entries."""

    dependencies = [
        ("records", "0002_keep"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("account", models.BigIntegerField(null=True)),
                ("act", models.CharField(max_length=30)),
                ("path", models.CharField(blank=True, default="", max_length=300)),
                ("detail", models.JSONField()),
                ("previous_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.BigIntegerField(db_index=True)),
                ("role", models.CharField(max_length=30)),
                ("scope", models.CharField(blank=True, default="", max_length=40)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="mandate_days",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MandateEnd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "mandate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="end", to="records.mandate"
                    ),
                ),
            ],
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
