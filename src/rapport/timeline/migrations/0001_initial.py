"""The event log: partitioned by month of ``at``, append-only, one sequence and one key table over all months."""

from django.db import migrations, models

from rapport.kernel.scoping import append_only

CREATE = """
CREATE SEQUENCE timeline_event_seq AS bigint CACHE 1;
CREATE TABLE timeline_event (
  seq bigint NOT NULL DEFAULT nextval('timeline_event_seq'),
  xact bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
  workspace_id uuid NOT NULL,
  kind text NOT NULL,
  at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor_kind text NOT NULL DEFAULT '',
  actor_id uuid,
  identity_id uuid,
  channel text NOT NULL DEFAULT '',
  subject_kind text NOT NULL DEFAULT '',
  subject_id uuid,
  data jsonb NOT NULL DEFAULT '{}'
) PARTITION BY RANGE (at);
ALTER SEQUENCE timeline_event_seq OWNED BY timeline_event.seq;
CREATE INDEX timeline_event_identity ON timeline_event (identity_id, at DESC, seq DESC) WHERE identity_id IS NOT NULL;
CREATE INDEX timeline_event_kind ON timeline_event (workspace_id, kind, at);
CREATE INDEX timeline_event_subject ON timeline_event (subject_id, at) WHERE subject_id IS NOT NULL;
CREATE INDEX timeline_event_xact ON timeline_event (xact);
CREATE INDEX timeline_event_seq_ix ON timeline_event (seq);
CREATE TABLE timeline_event_key (key uuid PRIMARY KEY, at timestamptz NOT NULL);
-- Which database this is. A restored one gets another, so that a cursor of the old one is not believed.
CREATE TABLE timeline_epoch (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
INSERT INTO timeline_epoch DEFAULT VALUES;
"""

DROP = "DROP TABLE timeline_epoch; DROP TABLE timeline_event_key; DROP TABLE timeline_event; DROP SEQUENCE IF EXISTS timeline_event_seq;"


class Migration(migrations.Migration):
    initial = True
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=CREATE,
            reverse_sql=DROP,
            state_operations=[
                migrations.CreateModel(
                    name="Event",
                    fields=[
                        ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                    ],
                    options={"db_table": "timeline_event", "managed": False},
                ),
                migrations.CreateModel(
                    name="EventKey",
                    fields=[("key", models.UUIDField(primary_key=True, serialize=False))],
                    options={"db_table": "timeline_event_key", "managed": False},
                ),
            ],
        ),
        append_only("timeline_event"),
    ]
