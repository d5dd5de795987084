-- Rows of the audit log are written once; they may age out, but never change.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only';
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_log_is_append_only BEFORE UPDATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- Counting and taking turns need not survive a crash of the server, and must not wait for a disk or a standby.
ALTER TABLE rate_limits SET UNLOGGED;
--> statement-breakpoint
ALTER TABLE leases SET UNLOGGED;
--> statement-breakpoint
-- Rotations change no index: with room on its page, the new version of a row stays there, and takes the old one's place.
ALTER TABLE sessions SET (fillfactor = 85);
