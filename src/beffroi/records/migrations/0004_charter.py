"""The charter: entries about purposes, bodies and decisions."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from beffroi.records.append_only import guard


def keep(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Guard the entries and open their log: row 3 of the heads."""
    guard(editor, ("records_charterentry",))
    apps.get_model("records", "LogHead").objects.get_or_create(pk=3)


class Migration(migrations.Migration):
    """One table of entries."""

    dependencies = [("records", "0003_accounts")]

    operations = [
        migrations.CreateModel(
            name="CharterEntry",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("author", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=30)),
                ("thing", models.CharField(db_index=True, max_length=60)),
                ("act", models.CharField(max_length=30)),
                ("change", models.JSONField()),
                ("reason", models.TextField(blank=True, default="")),
                ("previous_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
