INSERT INTO roles (id, name) VALUES (1, 'admin'), (2, 'reader') ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name;
UPDATE settings SET value = 'on' WHERE id = 7;
