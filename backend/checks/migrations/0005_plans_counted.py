from django.db import migrations, models

COUNTED = """
CREATE FUNCTION checks_plans_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO checks_plantally (site_id, discipline, plans)
    SELECT site_id, discipline, count(*) FROM rows WHERE active GROUP BY site_id, discipline;
  RETURN NULL;
END $$;
CREATE FUNCTION checks_plans_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO checks_plantally (site_id, discipline, plans)
    SELECT site_id, discipline, -count(*) FROM rows WHERE active GROUP BY site_id, discipline;
  RETURN NULL;
END $$;
CREATE FUNCTION checks_plan_changed() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE FUNCTION checks_lapses_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO checks_lapsetally (site_id, discipline, due_on, lapses)
    SELECT p.site_id, p.discipline, l.due_on, count(*) FROM rows l JOIN checks_plan p ON p.id = l.plan_id
    GROUP BY p.site_id, p.discipline, l.due_on;
  RETURN NULL;
END $$;
CREATE TRIGGER plans_came AFTER INSERT ON checks_plan REFERENCING NEW TABLE AS rows
  FOR EACH STATEMENT EXECUTE FUNCTION checks_plans_came();
CREATE TRIGGER plans_left AFTER DELETE ON checks_plan REFERENCING OLD TABLE AS rows
  FOR EACH STATEMENT EXECUTE FUNCTION checks_plans_left();
-- A check that is done moves dates alone: the condition is looked at for each row and the function is not called.
CREATE TRIGGER plan_changed AFTER UPDATE ON checks_plan FOR EACH ROW
  WHEN (OLD.active <> NEW.active OR OLD.site_id <> NEW.site_id OR OLD.discipline <> NEW.discipline)
  EXECUTE FUNCTION checks_plan_changed();
-- Lapses are never changed and never deleted; whoever seals them has locked their plans, so no plan moves meanwhile.
CREATE TRIGGER lapses_came AFTER INSERT ON checks_lapse REFERENCING NEW TABLE AS rows
  FOR EACH STATEMENT EXECUTE FUNCTION checks_lapses_came();
INSERT INTO checks_plantally (site_id, discipline, plans)
  SELECT site_id, discipline, count(*) FROM checks_plan WHERE active GROUP BY site_id, discipline;
INSERT INTO checks_lapsetally (site_id, discipline, due_on, lapses)
  SELECT p.site_id, p.discipline, l.due_on, count(*) FROM checks_lapse l JOIN checks_plan p ON p.id = l.plan_id
  GROUP BY p.site_id, p.discipline, l.due_on;
"""
NOT_COUNTED = """
DROP TRIGGER plans_came ON checks_plan; DROP FUNCTION checks_plans_came();
DROP TRIGGER plans_left ON checks_plan; DROP FUNCTION checks_plans_left();
DROP TRIGGER plan_changed ON checks_plan; DROP FUNCTION checks_plan_changed();
DROP TRIGGER lapses_came ON checks_lapse; DROP FUNCTION checks_lapses_came();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("checks", "0004_written_faster"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("site_id", models.UUIDField()),
                ("discipline", models.CharField(max_length=40)),
                ("plans", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="LapseTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("site_id", models.UUIDField()),
                ("discipline", models.CharField(max_length=40)),
                ("due_on", models.DateField()),
                ("lapses", models.IntegerField()),
            ],
        ),
        # The triggers first: they lock out whoever would add a plan between the count and the first row that they write.
        migrations.RunSQL(COUNTED, NOT_COUNTED),
    ]
