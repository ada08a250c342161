UPDATE users SET deleted_at = now() WHERE deleted_at IS NULL;
