"""Of the plans that are counted, how many were never recorded: the tally says it, and no plan has to be read for it."""

from django.db import migrations, models

COUNTED = """
CREATE OR REPLACE FUNCTION checks_plans_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO checks_plantally (site_id, discipline, plans, never)
    SELECT site_id, discipline, count(*), count(*) FILTER (WHERE last_done_on IS NULL) FROM rows WHERE active
    GROUP BY site_id, discipline;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION checks_plans_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO checks_plantally (site_id, discipline, plans, never)
    SELECT site_id, discipline, -count(*), -count(*) FILTER (WHERE last_done_on IS NULL) FROM rows WHERE active
    GROUP BY site_id, discipline;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION checks_plan_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.active THEN
    INSERT INTO checks_plantally (site_id, discipline, plans, never)
      VALUES (OLD.site_id, OLD.discipline, -1, CASE WHEN OLD.last_done_on IS NULL THEN -1 ELSE 0 END);
  END IF;
  IF NEW.active THEN
    INSERT INTO checks_plantally (site_id, discipline, plans, never)
      VALUES (NEW.site_id, NEW.discipline, 1, CASE WHEN NEW.last_done_on IS NULL THEN 1 ELSE 0 END);
  END IF;
  IF OLD.site_id <> NEW.site_id OR OLD.discipline <> NEW.discipline THEN
    INSERT INTO checks_lapsetally (site_id, discipline, due_on, lapses)
      SELECT OLD.site_id, OLD.discipline, due_on, -1 FROM checks_lapse WHERE plan_id = OLD.id
      UNION ALL SELECT NEW.site_id, NEW.discipline, due_on, 1 FROM checks_lapse WHERE plan_id = OLD.id;
  END IF;
  RETURN NULL;
END $$;
-- Once in a plan's life: its first record. No row of plans comes or goes, so one row says what changed.
CREATE FUNCTION checks_plan_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO checks_plantally (site_id, discipline, plans, never)
    VALUES (NEW.site_id, NEW.discipline, 0, CASE WHEN NEW.last_done_on IS NULL THEN 1 ELSE -1 END);
  RETURN NULL;
END $$;
CREATE TRIGGER plan_recorded AFTER UPDATE ON checks_plan FOR EACH ROW
  WHEN (OLD.active AND NEW.active AND OLD.site_id = NEW.site_id AND OLD.discipline = NEW.discipline
    AND (OLD.last_done_on IS NULL) <> (NEW.last_done_on IS NULL))
  EXECUTE FUNCTION checks_plan_recorded();
-- The trigger above locks out whoever would write a plan until this is done.
INSERT INTO checks_plantally (site_id, discipline, plans, never)
  SELECT site_id, discipline, 0, count(*) FROM checks_plan WHERE active AND last_done_on IS NULL GROUP BY site_id, discipline;
"""
AS_BEFORE = """
DROP TRIGGER plan_recorded ON checks_plan; DROP FUNCTION checks_plan_recorded();
CREATE OR REPLACE FUNCTION checks_plans_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO checks_plantally (site_id, discipline, plans)
    SELECT site_id, discipline, count(*) FROM rows WHERE active GROUP BY site_id, discipline;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION checks_plans_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO checks_plantally (site_id, discipline, plans)
    SELECT site_id, discipline, -count(*) FROM rows WHERE active GROUP BY site_id, discipline;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION checks_plan_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.active THEN
    INSERT INTO checks_plantally (site_id, discipline, plans) VALUES (OLD.site_id, OLD.discipline, -1);
  END IF;
  IF NEW.active THEN
    INSERT INTO checks_plantally (site_id, discipline, plans) VALUES (NEW.site_id, NEW.discipline, 1);
  END IF;
  IF OLD.site_id <> NEW.site_id OR OLD.discipline <> NEW.discipline THEN
    INSERT INTO checks_lapsetally (site_id, discipline, due_on, lapses)
      SELECT OLD.site_id, OLD.discipline, due_on, -1 FROM checks_lapse WHERE plan_id = OLD.id
      UNION ALL SELECT NEW.site_id, NEW.discipline, due_on, 1 FROM checks_lapse WHERE plan_id = OLD.id;
  END IF;
  RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("checks", "0021_tallies_by_site")]

    operations = [
        migrations.AddField(
            model_name="plantally",
            name="never",
            field=models.IntegerField(db_default=0, default=0, verbose_name="of them, those of which nothing is recorded"),
        ),
        migrations.RunSQL(COUNTED, AS_BEFORE),
    ]
