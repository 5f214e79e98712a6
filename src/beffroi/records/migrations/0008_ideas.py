"""Campaigns of ideas."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from beffroi.records.append_only import guard

TABLES = (
    "records_ideacampaign", "records_ideaclosing", "records_idea", "records_idealink", "records_ideamoderation",
    "records_ideaanswer",
)  # fmt: skip


def keep(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Guard the entries; guests, drafts and anonymous ideas are none."""
    guard(editor, TABLES)


class Migration(migrations.Migration):
    """Six tables of entries, three others."""

    dependencies = [
        ("records", "0007_privacy"),
    ]

    operations = [
        migrations.CreateModel(
            name="IdeaGuest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.CharField(blank=True, default="", max_length=254)),
                ("name", models.CharField(blank=True, default="", max_length=120)),
                ("confirmed", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="IdeaCampaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question_fr", models.CharField(max_length=300)),
                ("question_en", models.CharField(max_length=300)),
                ("text_fr", models.TextField(blank=True, default="")),
                ("text_en", models.TextField(blank=True, default="")),
                ("is_anonymous", models.BooleanField()),
                ("audience", models.CharField(max_length=10)),
                ("groups", models.JSONField(default=list)),
                ("opens", models.DateField()),
                ("closes", models.DateField()),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes__gte", models.F("opens"))), name="campaign_days"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", ("members", "guests"))), name="campaign_audience"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdeaClosing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(blank=True, default="")),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="closing", to="records.ideacampaign"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IdeaDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("group", models.CharField(blank=True, default="", max_length=80)),
                ("email", models.CharField(max_length=254)),
                ("name", models.CharField(blank=True, default="", max_length=120)),
                ("lang", models.CharField(max_length=2)),
                ("at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="records.ideacampaign"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IdeaAnswer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("idea", models.BigIntegerField()),
                ("number", models.IntegerField()),
                ("outcome", models.CharField(max_length=10)),
                ("reason", models.TextField()),
                ("by", models.CharField(max_length=60)),
                ("day", models.DateField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="records.ideacampaign"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ("accepted", "refused", "later"))), name="idea_outcome"
                    ),
                    models.UniqueConstraint(fields=("idea", "number"), name="idea_answer_number"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AnonymousIdea",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("voice", models.CharField(max_length=12)),
                ("group", models.CharField(blank=True, default="", max_length=80)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="anonymous_ideas",
                        to="records.ideacampaign",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("voice__in", ("participant", "organiser"))), name="anonymous_voice"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Idea",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("voice", models.CharField(max_length=12)),
                ("group", models.CharField(blank=True, default="", max_length=80)),
                ("account", models.BigIntegerField(null=True)),
                ("lang", models.CharField(max_length=2)),
                ("at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ideas", to="records.ideacampaign"
                    ),
                ),
                (
                    "guest",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ideas",
                        to="records.ideaguest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("voice__in", ("participant", "organiser"))), name="idea_voice"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IdeaLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("parent", models.BigIntegerField(db_index=True)),
                ("child", models.BigIntegerField(db_index=True)),
                ("kind", models.CharField(max_length=10)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="records.ideacampaign"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("kind__in", ("merge", "split"))), name="idea_link_kind"),
                    models.UniqueConstraint(fields=("parent", "child"), name="idea_link"),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdeaModeration",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("idea", models.BigIntegerField()),
                ("number", models.IntegerField()),
                ("deed", models.CharField(max_length=10)),
                ("reason", models.TextField(blank=True, default="")),
                ("by", models.CharField(max_length=60)),
                ("day", models.DateField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moderation",
                        to="records.ideacampaign",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("deed__in", ("published", "refused", "merged", "split"))), name="idea_deed"
                    ),
                    models.UniqueConstraint(fields=("idea", "number"), name="idea_deed_number"),
                ],
            },
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
