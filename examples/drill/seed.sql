SET ROLE app;
CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, phone text);
INSERT INTO users SELECT n, 'user' || n || '@example.com', '+49 30 ' || n FROM generate_series(1, 1000) AS n;
