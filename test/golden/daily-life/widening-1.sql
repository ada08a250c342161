CREATE TABLE products (id int, name varchar(20), price numeric(8,2));
