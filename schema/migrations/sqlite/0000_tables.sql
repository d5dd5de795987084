CREATE TABLE `audit_log` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`user_id` blob,
	`actor_id` blob,
	`session_id` blob,
	`ip_address` text,
	`detail` text
);
--> statement-breakpoint
CREATE INDEX `audit_log_by_user` ON `audit_log` (`user_id`);--> statement-breakpoint
CREATE TABLE `key_ring` (
	`id` integer PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `rate_limits` (
	`key` text PRIMARY KEY NOT NULL,
	`points` integer DEFAULT 0 NOT NULL,
	`expire` integer
);
--> statement-breakpoint
CREATE TABLE `refresh_secrets` (
	`version` integer PRIMARY KEY NOT NULL,
	`sealed` blob NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `revocations` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`until` integer NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`number` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` blob PRIMARY KEY NOT NULL,
	`user_id` blob NOT NULL,
	`epoch` integer NOT NULL,
	`generation` integer NOT NULL,
	`salt` blob NOT NULL,
	`cookie` integer NOT NULL,
	`keyed` integer NOT NULL,
	`rotation_key_hash` blob,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`ended_at` integer,
	`end_reason` text,
	`device_name` text,
	`client_label` text,
	`ip_address` text
);
--> statement-breakpoint
CREATE INDEX `sessions_by_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE TABLE `signing_keys` (
	`kid` text PRIMARY KEY NOT NULL,
	`algorithm` text NOT NULL,
	`published_at` integer NOT NULL,
	`state` text NOT NULL,
	`activates_at` integer,
	`activated_at` integer,
	`retired_at` integer,
	`gone_at` integer,
	`revoked_at` integer,
	`revoked_reason` text,
	`public_jwk` text NOT NULL,
	`sealed_private_key` blob
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` blob PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`email_key` text NOT NULL,
	`name` text NOT NULL,
	`roles` text NOT NULL,
	`password_hash` text NOT NULL,
	`epoch` integer NOT NULL,
	`suspended_at` integer,
	`suspended_reason` text,
	`session_count` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_key_unique` ON `users` (`email_key`);