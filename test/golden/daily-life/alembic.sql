BEGIN;

-- Running upgrade 1975ea83b712 -> ae1027a6acf

ALTER TABLE account ADD COLUMN last_login TIMESTAMP WITHOUT TIME ZONE;

UPDATE alembic_version SET version_num='ae1027a6acf' WHERE alembic_version.version_num = '1975ea83b712';

DELETE FROM alembic_version WHERE alembic_version.version_num = '27c6a30d7c24';

INSERT INTO alembic_version (version_num) VALUES ('b4f1');

COMMIT;
