UPDATE account SET version_num = 'x' WHERE version_num = 'y';
