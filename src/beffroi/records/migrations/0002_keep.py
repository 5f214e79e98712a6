"""Entries are append-only from now on, and the log has its end."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from beffroi.records.append_only import guard

TABLES = (
    "records_event", "records_blob", "records_sourceversion", "records_sourcerecord", "records_recordversion",
    "records_judgement", "records_claim", "records_override", "records_verification", "records_tradedecision",
    "records_task", "records_closing",
)  # fmt: skip


def keep(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Guard the entries and open the log."""
    guard(editor, TABLES)
    apps.get_model("records", "LogHead").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    """Triggers, which Django's own operations do not know."""

    dependencies = [("records", "0001_first")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
