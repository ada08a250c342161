INSERT INTO roles (id, name) VALUES (1, 'admin'), (2, 'reader') ON CONFLICT DO NOTHING;
SELECT setval('roles_id_seq', (SELECT max(id) FROM roles));
SELECT setval(pg_get_serial_sequence('roles', 'id'), coalesce(max(id), 1)) FROM roles;
