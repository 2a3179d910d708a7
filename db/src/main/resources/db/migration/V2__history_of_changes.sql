-- The transaction that last changed a row: what "everything changed since" is asked by (see com.cove.db.history).
ALTER TABLE thread ADD COLUMN changed xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE thread_member ADD COLUMN changed xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE message ADD COLUMN changed xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE message_read ADD COLUMN changed xid8 NOT NULL DEFAULT pg_current_xact_id();

-- thread.changed has no index on purpose: it is reached through the caller's memberships, and every send updates it.
CREATE INDEX thread_member_changed ON thread_member (thread_id, changed);
CREATE INDEX message_changed ON message (thread_id, changed, seq);

-- One row. Replacing its id (after a restore into the same cluster) makes every cursor given before answer reset.
CREATE TABLE history_epoch (
    id     uuid NOT NULL DEFAULT gen_random_uuid(),
    single boolean NOT NULL DEFAULT true,
    CONSTRAINT history_epoch_pk PRIMARY KEY (single),
    CONSTRAINT history_epoch_one_row CHECK (single)
);
INSERT INTO history_epoch DEFAULT VALUES;

-- Names the history that transaction ids belong to: this database (id), in this cluster (system identifier), on this
-- timeline, which a point-in-time recovery and the promotion of a replica change. Where a provider forbids asking for
-- one of them, the others have to do.
CREATE FUNCTION current_history_epoch() RETURNS text LANGUAGE plpgsql STABLE PARALLEL RESTRICTED AS $$
DECLARE
    place text := '';
BEGIN
    BEGIN
        place := (SELECT system_identifier FROM pg_control_system())::text;
        place := place || '/' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8);
    EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_function THEN
        NULL;
    END;
    RETURN (SELECT left(encode(sha256(convert_to(id::text || '/' || place, 'UTF8')), 'hex'), 16) FROM history_epoch);
END
$$;
