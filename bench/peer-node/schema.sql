-- What a team that knows PostgreSQL would create. Prisma's view of the same tables is schema.prisma.
CREATE TABLE app_user (
    id        text COLLATE "C" PRIMARY KEY,
    name      text,
    image_url text
);

CREATE TABLE thread (
    id              uuid PRIMARY KEY,
    kind            text NOT NULL,
    title           text,
    created_by      text COLLATE "C" NOT NULL REFERENCES app_user,
    last_seq        integer NOT NULL DEFAULT 0,
    -- No foreign key: the thread's row is written, and so locked, before the message.
    last_message_id uuid,
    created_at      timestamptz(3) NOT NULL,
    updated_at      timestamptz(3) NOT NULL
) WITH (fillfactor = 80);

CREATE TABLE thread_member (
    thread_id     uuid NOT NULL REFERENCES thread ON DELETE CASCADE,
    user_id       text COLLATE "C" NOT NULL REFERENCES app_user,
    role          text NOT NULL,
    last_read_seq integer NOT NULL DEFAULT 0,
    last_read_at  timestamptz(3),
    muted_until   timestamptz(3),
    joined_at     timestamptz(3) NOT NULL,
    PRIMARY KEY (thread_id, user_id)
) WITH (fillfactor = 80);
CREATE INDEX thread_member_user ON thread_member (user_id, thread_id);

CREATE TABLE message (
    id                uuid CONSTRAINT message_pkey PRIMARY KEY,
    thread_id         uuid NOT NULL CONSTRAINT message_thread REFERENCES thread ON DELETE CASCADE,
    seq               integer NOT NULL,
    sender_id         text COLLATE "C" NOT NULL CONSTRAINT message_sender REFERENCES app_user,
    content           text NOT NULL,
    client_message_id text COLLATE "C",
    created_at        timestamptz(3) NOT NULL,
    CONSTRAINT message_seq UNIQUE (thread_id, seq)
);
CREATE UNIQUE INDEX message_client ON message (thread_id, sender_id, client_message_id) WHERE client_message_id IS NOT NULL;
-- For sync.
CREATE INDEX message_created ON message (thread_id, created_at);
