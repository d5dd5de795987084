-- Rows of the audit log are written once; they may age out, but never change.
CREATE TRIGGER `audit_log_is_append_only` BEFORE UPDATE ON `audit_log`
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
