ALTER TABLE products ALTER COLUMN id TYPE bigint;
ALTER TABLE products ALTER COLUMN name TYPE varchar(80);
ALTER TABLE products ALTER COLUMN price TYPE numeric(12,2);
ALTER TABLE users ALTER COLUMN bio TYPE text;
