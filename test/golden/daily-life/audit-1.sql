CREATE OR REPLACE FUNCTION audit.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit.entries (relation, at, new_row) VALUES (TG_TABLE_NAME, now(), to_jsonb(NEW));
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION audit.watch(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER audited AFTER INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION audit.note()', target);
END $$;
