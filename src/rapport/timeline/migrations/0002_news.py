"""Which events are news, so that a live reader never walks through history that an import writes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("timeline", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
            ALTER TABLE timeline_event ADD COLUMN news boolean NOT NULL DEFAULT true;
            DROP INDEX timeline_event_xact;
            CREATE INDEX timeline_event_news ON timeline_event (xact, seq) WHERE news;
            """,
            reverse_sql="""
            DROP INDEX timeline_event_news;
            CREATE INDEX timeline_event_xact ON timeline_event (xact);
            ALTER TABLE timeline_event DROP COLUMN news;
            """,
        ),
    ]
