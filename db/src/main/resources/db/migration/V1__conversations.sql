-- Ids of users are compared byte by byte ("C"): the same order and the same pairs under every locale.
CREATE TABLE app_user (
    id           text COLLATE "C" NOT NULL,
    name         text,
    image_url    text,
    last_seen_at timestamptz(3),
    created_at   timestamptz(3) NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
    CONSTRAINT app_user_pk PRIMARY KEY (id),
    CONSTRAINT app_user_id_length CHECK (char_length(id) BETWEEN 1 AND 128),
    CONSTRAINT app_user_name_length CHECK (char_length(name) <= 200),
    CONSTRAINT app_user_image_url_length CHECK (char_length(image_url) <= 2048)
);

CREATE TABLE device (
    user_id    text COLLATE "C" NOT NULL,
    device_id  text COLLATE "C" NOT NULL,
    fcm_token  text NOT NULL,
    updated_at timestamptz(3) NOT NULL,
    CONSTRAINT device_pk PRIMARY KEY (user_id, device_id),
    CONSTRAINT device_user_fk FOREIGN KEY (user_id) REFERENCES app_user (id) ON DELETE CASCADE,
    CONSTRAINT device_id_length CHECK (char_length(device_id) BETWEEN 1 AND 128),
    CONSTRAINT device_fcm_token_length CHECK (char_length(fcm_token) BETWEEN 1 AND 4096),
    -- Unique by hash: an entry of a unique index holds at most 2,704 bytes.
    CONSTRAINT device_fcm_token_unique EXCLUDE USING hash (fcm_token WITH =)
);

CREATE TABLE thread (
    id          uuid NOT NULL,
    kind        text NOT NULL,
    title       text,
    direct_low  text COLLATE "C",
    direct_high text COLLATE "C",
    created_by  text COLLATE "C" NOT NULL,
    last_seq    bigint NOT NULL DEFAULT 0,
    created_at  timestamptz(3) NOT NULL,
    updated_at  timestamptz(3) NOT NULL,
    CONSTRAINT thread_pk PRIMARY KEY (id),
    CONSTRAINT thread_created_by_fk FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT thread_direct_pair UNIQUE (direct_low, direct_high),
    CONSTRAINT thread_kind_known CHECK (kind IN ('direct', 'group')),
    CONSTRAINT thread_title_length CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT thread_last_seq_positive CHECK (last_seq >= 0),
    CONSTRAINT thread_direct_form CHECK (CASE kind
        WHEN 'direct' THEN title IS NULL AND direct_low IS NOT NULL AND direct_high IS NOT NULL AND direct_low < direct_high
        ELSE direct_low IS NULL AND direct_high IS NULL END)
-- Every send updates the thread's row: room in the page keeps that update off the indexes.
) WITH (fillfactor = 80);

CREATE TABLE thread_member (
    thread_id     uuid NOT NULL,
    user_id       text COLLATE "C" NOT NULL,
    role          text NOT NULL,
    last_read_seq bigint NOT NULL DEFAULT 0,
    last_read_at  timestamptz(3),
    muted_until   timestamptz(3),
    joined_at     timestamptz(3) NOT NULL,
    CONSTRAINT thread_member_pk PRIMARY KEY (thread_id, user_id),
    CONSTRAINT thread_member_thread_fk FOREIGN KEY (thread_id) REFERENCES thread (id) ON DELETE CASCADE,
    CONSTRAINT thread_member_user_fk FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT thread_member_role_known CHECK (role IN ('owner', 'member')),
    CONSTRAINT thread_member_last_read_seq_positive CHECK (last_read_seq >= 0)
);

CREATE INDEX thread_member_by_user ON thread_member (user_id, thread_id);

CREATE TABLE message (
    id                uuid NOT NULL,
    thread_id         uuid NOT NULL,
    seq               bigint NOT NULL,
    sender_id         text COLLATE "C" NOT NULL,
    content           text NOT NULL,
    client_message_id text COLLATE "C",
    created_at        timestamptz(3) NOT NULL,
    CONSTRAINT message_pk PRIMARY KEY (id),
    CONSTRAINT message_seq_unique UNIQUE (thread_id, seq),
    CONSTRAINT message_thread_fk FOREIGN KEY (thread_id) REFERENCES thread (id) ON DELETE CASCADE,
    CONSTRAINT message_sender_fk FOREIGN KEY (sender_id) REFERENCES app_user (id),
    CONSTRAINT message_seq_positive CHECK (seq >= 1),
    CONSTRAINT message_content_length CHECK (char_length(content) BETWEEN 1 AND 4000),
    CONSTRAINT message_client_message_id_form CHECK (client_message_id ~ '^[A-Za-z0-9_-]{1,64}$')
);

-- Partial: a message without a client's id needs no entry.
CREATE UNIQUE INDEX message_client_message_id_unique
    ON message (thread_id, sender_id, client_message_id) WHERE client_message_id IS NOT NULL;

CREATE TABLE message_read (
    message_id uuid NOT NULL,
    user_id    text COLLATE "C" NOT NULL,
    read_at    timestamptz(3) NOT NULL,
    CONSTRAINT message_read_pk PRIMARY KEY (message_id, user_id),
    CONSTRAINT message_read_message_fk FOREIGN KEY (message_id) REFERENCES message (id) ON DELETE CASCADE,
    CONSTRAINT message_read_user_fk FOREIGN KEY (user_id) REFERENCES app_user (id) ON DELETE CASCADE
);
