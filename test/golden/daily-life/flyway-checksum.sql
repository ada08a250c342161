UPDATE flyway_schema_history SET checksum = 5 WHERE version = '1';
