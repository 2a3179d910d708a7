-- The transaction that created a thread. No default for the rows there are: they are no news to anybody.
ALTER TABLE thread ADD COLUMN created_in xid8;
ALTER TABLE thread ALTER COLUMN created_in SET DEFAULT pg_current_xact_id();
CREATE INDEX thread_news ON thread (created_in, id);

-- So that who comes back finds what was read meanwhile in their threads.
ALTER TABLE message_read ADD COLUMN thread_id uuid;
CREATE INDEX message_read_changed ON message_read (thread_id, changed) WHERE thread_id IS NOT NULL;
CREATE INDEX message_read_news ON message_read (changed, message_id, user_id);

-- A server of the version before does not say the thread.
CREATE FUNCTION message_read_thread() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.thread_id := (SELECT message.thread_id FROM message WHERE message.id = NEW.message_id);
    RETURN NEW;
END
$$;
CREATE TRIGGER message_read_thread BEFORE INSERT ON message_read
    FOR EACH ROW WHEN (NEW.thread_id IS NULL) EXECUTE FUNCTION message_read_thread();

-- The newest change that no index of changes shows.
ALTER TABLE history_epoch ADD COLUMN changed xid8 NOT NULL DEFAULT pg_current_xact_id();
