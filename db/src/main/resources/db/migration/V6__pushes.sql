-- Who was reached: everything that transactions below this one changed has provably arrived on one of the user's devices.
CREATE TABLE reach (
    user_id text COLLATE "C" NOT NULL,
    below   xid8 NOT NULL,
    CONSTRAINT reach_pk PRIMARY KEY (user_id),
    CONSTRAINT reach_user_fk FOREIGN KEY (user_id) REFERENCES app_user (id) ON DELETE CASCADE
) WITH (fillfactor = 70);

-- The servers that have connections, and below which transaction each has reported whom it reached.
CREATE TABLE reach_node (
    id          text NOT NULL,
    below       xid8 NOT NULL,
    reported_at timestamptz NOT NULL,
    CONSTRAINT reach_node_pk PRIMARY KEY (id)
) WITH (fillfactor = 70);

-- Moments of the history: by then every transaction below had ended. Those that were decided about are gone.
CREATE TABLE push_moment (
    below    xid8 NOT NULL,
    taken_at timestamptz NOT NULL,
    CONSTRAINT push_moment_pk PRIMARY KEY (below)
);

-- One row: up to which message, and up to which reading, it was decided who is due a push. Nothing from before this migration is.
CREATE TABLE push_progress (
    stored_in xid8 NOT NULL DEFAULT pg_snapshot_xmin(pg_current_snapshot()),
    thread_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    seq       bigint NOT NULL DEFAULT 0,
    read_in   xid8 NOT NULL DEFAULT pg_snapshot_xmin(pg_current_snapshot()),
    single    boolean NOT NULL DEFAULT true,
    CONSTRAINT push_progress_pk PRIMARY KEY (single),
    CONSTRAINT push_progress_one_row CHECK (single)
);
INSERT INTO push_progress DEFAULT VALUES;

-- One push of a member and thread: what is due, what was sent, and what is shown until it is read.
CREATE TABLE push (
    user_id      text COLLATE "C" NOT NULL,
    thread_id    uuid NOT NULL,
    -- The newest message that was due.
    seq          bigint NOT NULL,
    decided_at   timestamptz NOT NULL,
    -- When there is something to do; null where there is nothing.
    next_at      timestamptz,
    attempts     integer NOT NULL DEFAULT 0,
    -- Of the last attempt that failed.
    failure      text,
    -- What became of it, last.
    verdict      text,
    -- Which devices still lack it; null for all.
    devices      text[],
    lease        uuid,
    leased_until timestamptz,
    sent_seq     bigint,
    sent_at      timestamptz,
    CONSTRAINT push_pk PRIMARY KEY (user_id, thread_id),
    CONSTRAINT push_member_fk FOREIGN KEY (thread_id, user_id) REFERENCES thread_member (thread_id, user_id) ON DELETE CASCADE
) WITH (fillfactor = 70);
CREATE INDEX push_next ON push (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX push_lease ON push (lease) WHERE lease IS NOT NULL;

-- Tokens that nobody renewed are dropped.
CREATE INDEX device_updated ON device (updated_at);
