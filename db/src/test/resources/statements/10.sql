(SELECT 'MESSAGE' AS kind, news.thread_id, news.seq, CAST(CAST(news.changed AS text) AS bigint) AS stored_in
 FROM thread_member own
 JOIN thread ON thread.id = own.thread_id
 CROSS JOIN LATERAL (
     SELECT message.thread_id, message.seq, message.changed
     FROM message
     WHERE message.thread_id = own.thread_id AND message.changed >= CAST($1 AS xid8)
       AND NOT pg_visible_in_snapshot(message.changed, CAST($2 AS pg_snapshot))
     LIMIT $3
 ) news
 WHERE own.user_id = $4 AND thread.changed >= CAST($5 AS xid8)
 LIMIT $6)
UNION ALL
(SELECT 'READING', news.thread_id, 0, CAST(CAST(news.changed AS text) AS bigint)
 FROM thread_member own
 CROSS JOIN LATERAL (
     SELECT message_read.thread_id, message_read.changed
     FROM message_read
     WHERE message_read.thread_id = own.thread_id AND message_read.changed >= CAST($7 AS xid8)
       AND NOT pg_visible_in_snapshot(message_read.changed, CAST($8 AS pg_snapshot))
     LIMIT $9
 ) news
 WHERE own.user_id = $10
 LIMIT $11)
UNION ALL
(SELECT 'BEGINNING', thread.id, 0, CAST(CAST(thread.created_in AS text) AS bigint)
 FROM thread_member own
 JOIN thread ON thread.id = own.thread_id
 WHERE own.user_id = $12 AND thread.created_in >= CAST($13 AS xid8)
   AND NOT pg_visible_in_snapshot(thread.created_in, CAST($14 AS pg_snapshot))
 LIMIT $15);

DELETE FROM device
USING unnest(CAST($1 AS text[]), CAST($2 AS text[]), CAST($3 AS text[]),
             CAST($4 AS timestamptz[])) AS dead (user_id, device_id, fcm_token, updated_at)
WHERE device.user_id = dead.user_id AND device.device_id = dead.device_id
  AND device.fcm_token = dead.fcm_token AND device.updated_at = dead.updated_at;

DELETE FROM device
WHERE fcm_token = $1 AND (user_id, device_id) <> ($2, $3);

DELETE FROM device
WHERE user_id = $1 AND device_id IN (
    SELECT device_id FROM device
    WHERE user_id = $2
    ORDER BY updated_at DESC, device_id
    OFFSET $3);

DELETE FROM device WHERE device.updated_at < $1;

DELETE FROM device WHERE user_id = $1 AND device_id = $2;

DELETE FROM push_moment WHERE push_moment.below <= CAST($1 AS xid8);

DELETE FROM reach WHERE reach.below > CAST($1 AS xid8);

DELETE FROM reach_node;

DELETE FROM reach_node WHERE id = $1;

DELETE FROM reach_node WHERE reach_node.reported_at < $1;

INSERT INTO app_user AS known (id, name, image_url) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET
    name = excluded.name,
    image_url = CASE WHEN excluded.image_url IS NULL AND known.image_url !~* '^http(s|)://' THEN known.image_url
                     ELSE excluded.image_url END
WHERE known.name IS DISTINCT FROM excluded.name OR known.image_url IS DISTINCT FROM excluded.image_url;

INSERT INTO device (user_id, device_id, fcm_token, updated_at)
VALUES ($1, $2, $3, date_trunc('milliseconds', clock_timestamp()))
ON CONFLICT ON CONSTRAINT device_pk
DO UPDATE SET fcm_token = excluded.fcm_token, updated_at = excluded.updated_at;

INSERT INTO message_read (message_id, thread_id, user_id, read_at)
VALUES ($1, $2, $3, date_trunc('milliseconds', clock_timestamp()))
ON CONFLICT ON CONSTRAINT message_read_pk DO NOTHING
RETURNING read_at, CAST(CAST(changed AS text) AS bigint) AS stored_in;

INSERT INTO push (user_id, thread_id, seq, decided_at, next_at)
SELECT member.user_id, message.thread_id, message.seq, $1, $2
FROM unnest(CAST($3 AS uuid[]), CAST($4 AS bigint[])) AS given (thread_id, seq)
JOIN message ON message.thread_id = given.thread_id AND message.seq = given.seq
JOIN thread_member member ON member.thread_id = message.thread_id AND member.last_read_seq < message.seq
WHERE message.created_at > $5
  AND (member.muted_until IS NULL OR member.muted_until <= $6)
  AND EXISTS (SELECT 1 FROM device WHERE device.user_id = member.user_id)
  AND NOT EXISTS (SELECT 1 FROM reach WHERE reach.user_id = member.user_id AND reach.below > message.changed)
ORDER BY member.user_id, message.thread_id
ON CONFLICT ON CONSTRAINT push_pk DO UPDATE
SET seq = excluded.seq, decided_at = excluded.decided_at, next_at = CASE WHEN push.devices IS NOT NULL AND push.sent_seq = push.seq THEN excluded.next_at
              ELSE coalesce(push.next_at, excluded.next_at) END,
    devices = NULL, verdict = NULL
WHERE push.seq < excluded.seq;

INSERT INTO push_moment (below, taken_at) VALUES (CAST($1 AS xid8), $2)
ON CONFLICT ON CONSTRAINT push_moment_pk DO NOTHING;

INSERT INTO reach (user_id, below)
SELECT given.user_id, CAST(given.below AS xid8)
FROM unnest(CAST($1 AS text[]), CAST($2 AS text[])) AS given (user_id, below)
WHERE EXISTS (SELECT 1 FROM app_user WHERE app_user.id = given.user_id)
ORDER BY given.user_id
ON CONFLICT ON CONSTRAINT reach_pk DO UPDATE SET below = excluded.below
WHERE reach.below < excluded.below;

INSERT INTO reach_node (id, below, reported_at) VALUES ($1, CAST($2 AS xid8), $3)
ON CONFLICT ON CONSTRAINT reach_node_pk
DO UPDATE SET below = excluded.below, reported_at = excluded.reported_at;

INSERT INTO signing_keys AS known (issuer, keys, fresh_until)
VALUES ($1, CAST($2 AS jsonb), clock_timestamp() + $3 * interval '1 millisecond')
ON CONFLICT (issuer) DO UPDATE SET keys = excluded.keys, fresh_until = excluded.fresh_until
WHERE known.fresh_until < excluded.fresh_until;

INSERT INTO thread (id, kind, direct_low, direct_high, created_by, created_at, updated_at)
SELECT $1, 'direct', least($2 COLLATE "C", $3 COLLATE "C"),
       greatest($4 COLLATE "C", $5 COLLATE "C"), $6, now.at, now.at
FROM (SELECT date_trunc('milliseconds', clock_timestamp()) AS at) now
ON CONFLICT ON CONSTRAINT thread_direct_pair DO NOTHING
RETURNING id;

INSERT INTO thread (id, kind, title, created_by, created_at, updated_at)
SELECT $1, 'group', $2, $3, now.at, now.at
FROM (SELECT date_trunc('milliseconds', clock_timestamp()) AS at) now;

INSERT INTO thread_member (thread_id, user_id, role, joined_at)
SELECT thread.id, member.id,
       CASE WHEN thread.kind = 'group' AND member.id = thread.created_by THEN 'owner' ELSE 'member' END,
       thread.created_at
FROM thread, unnest(CAST($1 AS text[])) AS member (id)
WHERE thread.id = $2;

SELECT CAST(CAST(below AS text) AS bigint)
FROM push_moment
WHERE taken_at <= $1
  AND (taken_at <= $2
       OR NOT EXISTS (SELECT 1 FROM reach_node
                      WHERE reach_node.reported_at > $3 AND reach_node.below < push_moment.below))
ORDER BY push_moment.below DESC
LIMIT 1;

SELECT CAST(CAST(changed AS text) AS bigint) AS stored_in
FROM message_read
WHERE message_read.changed >= CAST($1 AS xid8) AND message_read.changed < CAST($2 AS xid8)
ORDER BY message_read.changed
OFFSET $3 LIMIT 1;

SELECT CAST(CAST(changed AS text) AS bigint) AS stored_in, thread_id, seq
FROM message
WHERE (message.changed, thread_id, seq) > (CAST($1 AS xid8), $2, $3)
  AND message.changed < CAST($4 AS xid8)
ORDER BY message.changed, thread_id, seq
LIMIT $5;

SELECT CAST(CAST(changed AS text) AS bigint) AS stored_in, thread_id, seq
FROM message
WHERE (message.changed, thread_id, seq) > (CAST($1 AS xid8), $2, $3)
ORDER BY message.changed, thread_id, seq
LIMIT $4;

SELECT CAST(CAST(created_in AS text) AS bigint) AS stored_in, id AS thread_id
FROM thread
WHERE (thread.created_in, id) > (CAST($1 AS xid8), $2)
ORDER BY thread.created_in, id
LIMIT $3;

SELECT CAST(CAST(pg_current_xact_id() AS text) AS bigint);

SELECT CAST(CAST(stored_in AS text) AS bigint) AS stored_in, thread_id, seq,
       CAST(CAST(read_in AS text) AS bigint) AS read_in
FROM push_progress;

SELECT EXISTS (
    SELECT 1 FROM message
    WHERE thread_id = $1 AND seq = $2 AND message.changed = CAST($3 AS xid8));

SELECT EXISTS (SELECT 1 FROM thread_member WHERE thread_id = $1 AND user_id = $2);

SELECT app_user.id
FROM unnest(CAST($1 AS text[])) AS given (id)
JOIN app_user ON app_user.id = given.id
WHERE app_user.presence_hidden;

SELECT claim.place
FROM unnest(CAST($1 AS text[]), CAST($2 AS text[]), CAST($3 AS text[]))
     WITH ORDINALITY AS claim (id, name, image_url, place)
JOIN app_user known ON known.id = claim.id
WHERE known.name IS NOT DISTINCT FROM claim.name
  AND (known.image_url IS NOT DISTINCT FROM claim.image_url
       OR claim.image_url IS NULL AND known.image_url !~* '^http(s|)://');

SELECT coalesce(max(CAST(version AS integer)), 0)
FROM flyway_schema_history
WHERE success AND version ~ '^[0-9]+$';

SELECT coalesce(max(CAST(version AS integer)), 0) AS version,
       (SELECT serves_from FROM schema_contract) AS serves_from
FROM flyway_schema_history
WHERE success AND version ~ '^[0-9]+$';

SELECT count(*) AS events, coalesce(sum(bytes), 0) AS bytes
FROM (
    (SELECT 512 + octet_length(news.content) AS bytes
     FROM thread_member own
     JOIN thread ON thread.id = own.thread_id
     CROSS JOIN LATERAL (
         SELECT message.content
         FROM message
         WHERE message.thread_id = own.thread_id AND message.changed >= CAST($1 AS xid8)
           AND NOT pg_visible_in_snapshot(message.changed, CAST($2 AS pg_snapshot))
         LIMIT $3 + 1
     ) news
     WHERE own.user_id = $4 AND thread.changed >= CAST($5 AS xid8)
     LIMIT $6 + 1)
    UNION ALL
    (SELECT 512
     FROM thread_member own
     CROSS JOIN LATERAL (
         SELECT 1
         FROM message_read
         WHERE message_read.thread_id = own.thread_id AND message_read.changed >= CAST($7 AS xid8)
           AND NOT pg_visible_in_snapshot(message_read.changed, CAST($8 AS pg_snapshot))
         LIMIT $9 + 1
     ) news
     WHERE own.user_id = $10
     LIMIT $11 + 1)
    UNION ALL
    (SELECT 512 + 256 * (SELECT count(*) FROM thread_member other WHERE other.thread_id = news.id)
     FROM (
         SELECT thread.id
         FROM thread_member own
         JOIN thread ON thread.id = own.thread_id
         WHERE own.user_id = $12 AND thread.created_in >= CAST($13 AS xid8)
           AND NOT pg_visible_in_snapshot(thread.created_in, CAST($14 AS pg_snapshot))
         LIMIT least($15, 200) + 1
     ) news)
) changes;

SELECT current_history_epoch() = $1;

SELECT current_history_epoch() AS epoch,
       CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint) AS oldest_running,
       CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint) AS next_unassigned,
       ARRAY(SELECT CAST(CAST(running.id AS text) AS bigint)
             FROM pg_snapshot_xip(pg_current_snapshot()) AS running (id) ORDER BY running.id) AS running,
       CAST(CAST(greatest(
           (SELECT changed FROM history_epoch),
           (SELECT changed FROM message ORDER BY message.changed DESC LIMIT 1),
           (SELECT changed FROM message_read ORDER BY message_read.changed DESC LIMIT 1),
           (SELECT created_in FROM thread WHERE created_in IS NOT NULL ORDER BY created_in DESC LIMIT 1)
       ) AS text) AS bigint) AS newest_change;

SELECT given.id FROM unnest(CAST($1 AS text[])) AS given (id)
WHERE EXISTS (SELECT 1 FROM device WHERE device.user_id = given.id);

SELECT given.user_id, coalesce(
           (SELECT CAST(sum(thread.last_seq - member.last_read_seq) AS bigint)
            FROM thread_member member
            JOIN thread ON thread.id = member.thread_id
            WHERE member.user_id = given.user_id), 0) AS messages
FROM unnest(CAST($1 AS text[])) AS given (user_id);

SELECT id FROM thread
WHERE direct_low = least($1 COLLATE "C", $2 COLLATE "C")
  AND direct_high = greatest($3 COLLATE "C", $4 COLLATE "C");

SELECT id, presence_hidden FROM app_user WHERE presence_changed >= CAST($1 AS xid8);

SELECT keys, CAST(extract(epoch FROM fresh_until - clock_timestamp()) * 1000 AS bigint) AS fresh_for
FROM signing_keys
WHERE issuer = $1;

SELECT last_seen_at FROM app_user WHERE id = $1 AND last_seen_at IS NOT NULL;

SELECT member.user_id
FROM thread_member own
JOIN thread_member member ON member.thread_id = own.thread_id
WHERE own.thread_id = $1 AND own.user_id = $2
ORDER BY member.user_id;

SELECT member.user_id, message.thread_id, message.id AS message_id, message.seq, message.sender_id,
       sender.name AS sender_name, thread.title, message.content, message.created_at AS sent_at,
       member.last_read_seq, member.muted_until,
       EXISTS (SELECT 1 FROM reach
               WHERE reach.user_id = member.user_id AND reach.below > message.changed) AS reached,
       push.seq AS push_seq, push.attempts, push.sent_seq, push.devices, push.sent_at AS pushed_at,
       push.next_at, push.failure, push.verdict,
       CAST(CAST(message.changed AS text) AS bigint) AS stored_in
FROM message
JOIN thread ON thread.id = message.thread_id
JOIN app_user sender ON sender.id = message.sender_id
JOIN thread_member member ON member.thread_id = message.thread_id
JOIN push ON push.thread_id = message.thread_id AND push.seq = message.seq AND push.user_id = member.user_id
WHERE push.lease = $1;

SELECT member.user_id, message.thread_id, message.id AS message_id, message.seq, message.sender_id,
       sender.name AS sender_name, thread.title, message.content, message.created_at AS sent_at,
       member.last_read_seq, member.muted_until,
       EXISTS (SELECT 1 FROM reach
               WHERE reach.user_id = member.user_id AND reach.below > message.changed) AS reached,
       push.seq AS push_seq, push.attempts, push.sent_seq, push.devices, push.sent_at AS pushed_at,
       push.next_at, push.failure, push.verdict,
       CAST(CAST(message.changed AS text) AS bigint) AS stored_in
FROM message
JOIN thread ON thread.id = message.thread_id
JOIN app_user sender ON sender.id = message.sender_id
JOIN thread_member member ON member.thread_id = message.thread_id
LEFT JOIN push ON push.thread_id = message.thread_id AND push.user_id = member.user_id
WHERE message.id = $1 AND member.user_id = $2;

SELECT message.id AS message_id, message.thread_id, message.seq, message.sender_id, message.content,
       message.client_message_id, message.created_at AS sent_at,
       sender.name AS sender_name, sender.image_url AS sender_image_url
FROM message
JOIN app_user sender ON sender.id = message.sender_id
WHERE message.thread_id = $1 AND message.seq < $2
  AND EXISTS (SELECT 1 FROM thread_member WHERE thread_id = $3 AND user_id = $4)
ORDER BY message.seq DESC
LIMIT $5;

SELECT message.id AS message_id, message.thread_id, message.seq, message.sender_id, message.content,
       message.client_message_id, message.created_at AS sent_at,
       sender.name AS sender_name, sender.image_url AS sender_image_url
FROM message
JOIN app_user sender ON sender.id = message.sender_id
WHERE message.thread_id = $1 AND message.seq > $2
  AND EXISTS (SELECT 1 FROM thread_member WHERE thread_id = $3 AND user_id = $4)
ORDER BY message.seq
LIMIT $5;

SELECT message.id AS message_id, message.thread_id, message.seq, message.sender_id, message.content,
       message.client_message_id, message.created_at AS sent_at,
       sender.name AS sender_name, sender.image_url AS sender_image_url
FROM thread_member own
JOIN thread ON thread.id = own.thread_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN own.thread_id = $1 THEN $2 ELSE (
        WITH news AS MATERIALIZED (
            SELECT message.seq FROM message
            WHERE message.thread_id = own.thread_id AND message.changed >= CAST($3 AS xid8))
        SELECT min(news.seq) - 1 FROM news) END AS seq
) place
CROSS JOIN LATERAL (
    SELECT message.id, message.thread_id, message.seq, message.sender_id, message.content,
           message.client_message_id, message.created_at
    FROM message
    WHERE message.thread_id = own.thread_id AND message.seq > place.seq
      AND message.changed >= CAST($4 AS xid8)
    ORDER BY message.seq
    LIMIT $5
) message
JOIN app_user sender ON sender.id = message.sender_id
WHERE own.user_id = $6 AND own.thread_id >= $7 AND thread.changed >= CAST($8 AS xid8)
ORDER BY own.thread_id, message.seq
LIMIT $9;

SELECT message.id AS message_id, message.thread_id, message.seq, message.sender_id, message.content,
       message.client_message_id, message.created_at AS sent_at,
       sender.name AS sender_name, sender.image_url AS sender_image_url,
       CAST(CAST(message.changed AS text) AS bigint) AS stored_in
FROM message
JOIN app_user sender ON sender.id = message.sender_id
WHERE message.thread_id = $1 AND message.seq > $2 AND message.seq < $3
ORDER BY message.seq
LIMIT $4;

SELECT message.id AS message_id, message.thread_id, message.seq, message.sender_id, message.content,
       message.client_message_id, message.created_at AS sent_at,
       sender.name AS sender_name, sender.image_url AS sender_image_url,
       CAST(CAST(message.changed AS text) AS bigint) AS stored_in
FROM thread_member own
JOIN thread ON thread.id = own.thread_id
CROSS JOIN LATERAL (
    SELECT message.id, message.thread_id, message.seq, message.sender_id, message.content,
           message.client_message_id, message.created_at, message.changed
    FROM message
    WHERE message.thread_id = own.thread_id AND message.changed >= CAST($1 AS xid8)
      AND NOT pg_visible_in_snapshot(message.changed, CAST($2 AS pg_snapshot))
) message
JOIN app_user sender ON sender.id = message.sender_id
WHERE own.user_id = $3 AND thread.changed >= CAST($4 AS xid8);

SELECT message.thread_id, message.seq, own.last_read_seq, message_read.read_at,
       ARRAY(SELECT member.user_id FROM thread_member member
             WHERE member.thread_id = message.thread_id ORDER BY member.user_id) AS member_ids
FROM message
JOIN thread_member own ON own.thread_id = message.thread_id AND own.user_id = $1
LEFT JOIN message_read ON message_read.message_id = message.id AND message_read.user_id = $2
WHERE message.id = $3;

SELECT news.message_id, news.thread_id, news.user_id, news.read_at, reader.last_read_seq,
       CAST(CAST(news.changed AS text) AS bigint) AS stored_in
FROM (SELECT message_id, thread_id, user_id, read_at, changed
      FROM message_read
      WHERE (message_read.changed, message_id, user_id) > (CAST($1 AS xid8), $2, $3)
      ORDER BY message_read.changed, message_id, user_id
      LIMIT $4) news
JOIN thread_member reader ON reader.thread_id = news.thread_id AND reader.user_id = news.user_id
ORDER BY news.changed, news.message_id, news.user_id;

SELECT news.message_id, news.thread_id, news.user_id, news.read_at, reader.last_read_seq,
       CAST(CAST(news.changed AS text) AS bigint) AS stored_in
FROM thread_member own
CROSS JOIN LATERAL (
    SELECT message_id, thread_id, user_id, read_at, changed
    FROM message_read
    WHERE message_read.thread_id = own.thread_id AND message_read.changed >= CAST($1 AS xid8)
      AND NOT pg_visible_in_snapshot(message_read.changed, CAST($2 AS pg_snapshot))
) news
JOIN thread_member reader ON reader.thread_id = news.thread_id AND reader.user_id = news.user_id
WHERE own.user_id = $3;

SELECT own.id, own.presence_hidden,
    coalesce(array_agg(other.id) FILTER (WHERE other.id IS NOT NULL), '{}') AS contacts,
    coalesce(array_agg(other.id) FILTER (WHERE other.presence_hidden), '{}') AS hidden_contacts
FROM unnest(CAST($1 AS text[])) AS given (id)
JOIN app_user own ON own.id = given.id
LEFT JOIN LATERAL (
    SELECT DISTINCT theirs.user_id
    FROM thread_member mine
    JOIN thread_member theirs ON theirs.thread_id = mine.thread_id
    WHERE mine.user_id = own.id AND theirs.user_id <> own.id
    LIMIT $2) AS contact ON true
LEFT JOIN app_user other ON other.id = contact.user_id
GROUP BY own.id;

SELECT own.thread_id
FROM thread_member own
JOIN thread ON thread.id = own.thread_id
WHERE own.user_id = $1 AND own.thread_id > $2
  AND (thread.changed >= CAST($3 AS xid8)
       OR (SELECT member.changed FROM thread_member member WHERE member.thread_id = own.thread_id
           ORDER BY member.changed DESC LIMIT 1) >= CAST($4 AS xid8))
ORDER BY own.thread_id
LIMIT $5;

SELECT pg_try_advisory_xact_lock(hashtextextended('cove push decision', 0));

SELECT push.attempts FROM push WHERE push.next_at <= $1 AND (push.leased_until IS NULL OR push.leased_until <= $2) ORDER BY push.next_at LIMIT 1;

SELECT thread.id
FROM thread
WHERE thread.id IN (
    SELECT own.thread_id
    FROM unnest(CAST($1 AS uuid[]), CAST($2 AS text[])) AS given (thread_id, sender_id)
    JOIN thread_member own ON own.thread_id = given.thread_id AND own.user_id = given.sender_id)
ORDER BY thread.id
FOR NO KEY UPDATE OF thread;

SELECT thread.id
FROM thread_member own
JOIN thread ON thread.id = own.thread_id
WHERE own.user_id = $1 AND thread.created_in >= CAST($2 AS xid8)
  AND NOT pg_visible_in_snapshot(thread.created_in, CAST($3 AS pg_snapshot));

SELECT thread.id AS thread_id, thread.kind, thread.title, thread.created_at,
       CAST(CAST(thread.created_in AS text) AS bigint) AS stored_in, participants.*
FROM thread
CROSS JOIN LATERAL (
    SELECT array_agg(member.user_id) AS member_ids, array_agg(member.name) AS member_names,
           array_agg(member.image_url) AS member_image_urls, array_agg(member.role) AS member_roles,
           array_agg(member.last_read_seq) AS member_read_seqs,
           array_agg(CAST(extract(epoch FROM member.last_read_at) * 1000 AS bigint)) AS member_read_times
    FROM (SELECT member.user_id, person.name, person.image_url, member.role,
                 member.last_read_seq, member.last_read_at
          FROM thread_member member
          JOIN app_user person ON person.id = member.user_id
          WHERE member.thread_id = thread.id
          ORDER BY member.joined_at, member.user_id) member
) participants
WHERE thread.id = ANY ($1);

SELECT thread_id, array_agg(user_id ORDER BY user_id) AS members
FROM thread_member
WHERE thread_id = ANY ($1)
GROUP BY thread_id;

SELECT true FROM (SELECT pg_advisory_xact_lock(hashtextextended($1, 0))) turn;

SELECT user_id, device_id, fcm_token, updated_at
FROM device
WHERE user_id = ANY ($1)
ORDER BY user_id, device_id;

SELECT wanted.id
FROM unnest(CAST($1 AS text[])) WITH ORDINALITY AS wanted (id, place)
WHERE NOT EXISTS (SELECT 1 FROM app_user WHERE app_user.id = wanted.id)
ORDER BY wanted.place;

UPDATE app_user SET last_seen_at = date_trunc('milliseconds', given.at)
FROM unnest(CAST($1 AS text[]), CAST($2 AS timestamptz[])) AS given (id, at)
WHERE app_user.id = given.id AND NOT presence_hidden
    AND (last_seen_at IS NULL OR last_seen_at < date_trunc('milliseconds', given.at));

UPDATE app_user SET presence_hidden = $1, presence_changed = pg_current_xact_id()
WHERE id = $2 AND presence_hidden <> $3;

UPDATE device
SET updated_at = greatest(updated_at + interval '1 millisecond', date_trunc('milliseconds', clock_timestamp()))
WHERE user_id = $1 AND device_id = $2 AND fcm_token = $3;

UPDATE history_epoch SET changed = pg_current_xact_id();

UPDATE push
SET lease = NULL, leased_until = NULL,
    sent_seq = CASE given.verdict WHEN 'WITHDRAWN' THEN NULL
               ELSE CASE WHEN given.accepted THEN given.seq ELSE push.sent_seq END END,
    sent_at = CASE WHEN given.accepted THEN $1 ELSE push.sent_at END,
    attempts = CASE given.verdict WHEN 'DUE' THEN push.attempts + 1 ELSE 0 END,
    failure = given.failure,
    verdict = CASE WHEN push.seq > given.seq THEN NULL ELSE given.verdict END,
    next_at = CASE WHEN push.seq > given.seq THEN coalesce(given.next_at, $2)
                   WHEN given.verdict = 'SENT' AND EXISTS (
                       SELECT 1 FROM thread_member reader
                       WHERE reader.thread_id = given.thread_id AND reader.user_id = given.user_id
                         AND reader.last_read_seq >= given.seq) THEN $3
                   ELSE given.next_at END,
    devices = CASE WHEN push.seq > given.seq OR given.lacking IS NULL THEN NULL
              ELSE ARRAY(SELECT jsonb_array_elements_text(CAST(given.lacking AS jsonb))) END
FROM unnest(CAST($4 AS uuid[]), CAST($5 AS text[]), CAST($6 AS uuid[]), CAST($7 AS bigint[]),
            CAST($8 AS text[]), CAST($9 AS boolean[]), CAST($10 AS text[]),
            CAST($11 AS timestamptz[]), CAST($12 AS text[]))
     AS given (lease, user_id, thread_id, seq, verdict, accepted, lacking, next_at, failure)
WHERE push.user_id = given.user_id AND push.thread_id = given.thread_id AND push.lease = given.lease;

UPDATE push
SET lease = NULL, leased_until = NULL, next_at = NULL, devices = NULL, verdict = given.verdict
FROM unnest(CAST($1 AS text[]), CAST($2 AS uuid[]), CAST($3 AS text[]))
     AS given (user_id, thread_id, verdict)
WHERE push.user_id = given.user_id AND push.thread_id = given.thread_id AND push.lease = $4;

UPDATE push SET lease = $1, leased_until = $2
FROM (SELECT user_id, thread_id FROM push
WHERE push.next_at <= $3 AND (push.leased_until IS NULL OR push.leased_until <= $4)
      ORDER BY push.next_at
      LIMIT $5
      FOR UPDATE SKIP LOCKED) free
WHERE push.user_id = free.user_id AND push.thread_id = free.thread_id;

UPDATE push SET next_at = $1
FROM message_read
WHERE message_read.changed >= CAST($2 AS xid8) AND message_read.changed < CAST($3 AS xid8)
  AND push.user_id = message_read.user_id AND push.thread_id = message_read.thread_id
  AND (push.sent_seq IS NOT NULL OR push.next_at IS NOT NULL)
  AND EXISTS (SELECT 1 FROM thread_member reader
              WHERE reader.thread_id = push.thread_id AND reader.user_id = push.user_id
                AND (reader.last_read_seq >= push.seq OR reader.last_read_seq >= push.sent_seq));

UPDATE push SET next_at = $1
FROM unnest(CAST($2 AS uuid[]), CAST($3 AS bigint[])) AS given (thread_id, seq)
JOIN message ON message.thread_id = given.thread_id AND message.seq = given.seq
WHERE push.user_id = message.sender_id AND push.thread_id = message.thread_id
  AND (push.sent_seq IS NOT NULL OR push.next_at IS NOT NULL)
  AND EXISTS (SELECT 1 FROM thread_member reader
              WHERE reader.thread_id = push.thread_id AND reader.user_id = push.user_id
                AND (reader.last_read_seq >= push.seq OR reader.last_read_seq >= push.sent_seq));

UPDATE push_progress
SET stored_in = CAST($1 AS xid8), thread_id = $2, seq = $3, read_in = CAST($4 AS xid8);

UPDATE thread_member
SET last_read_seq = $1, last_read_at = greatest(last_read_at, $2), changed = pg_current_xact_id()
WHERE thread_id = $3 AND user_id = $4 AND last_read_seq < $5;

UPDATE thread_member SET muted_until = wish.until, changed = pg_current_xact_id()
FROM (SELECT CASE WHEN CAST($1 AS timestamptz) > clock_timestamp()
                  THEN date_trunc('milliseconds', CAST($2 AS timestamptz)) END AS until) wish
WHERE thread_id = $3 AND user_id = $4 AND muted_until IS DISTINCT FROM wish.until;

WITH given AS (
    SELECT given.*
    FROM unnest(CAST($1 AS uuid[]), CAST($2 AS uuid[]), CAST($3 AS text[]),
                CAST($4 AS text[]), CAST($5 AS text[]))
         WITH ORDINALITY AS given (id, thread_id, sender_id, content, client_message_id, place)
), allowed AS (
    SELECT given.*, row_number() OVER (
               PARTITION BY given.thread_id, given.sender_id, given.client_message_id
               ORDER BY given.place) AS attempt
    FROM given
    JOIN thread_member own ON own.thread_id = given.thread_id AND own.user_id = given.sender_id
), known AS (
    SELECT message.id, message.thread_id, message.seq, message.sender_id, message.content,
           message.client_message_id, message.created_at, message.changed
    FROM allowed
    JOIN message USING (thread_id, sender_id, client_message_id)
    WHERE allowed.attempt = 1
), fresh AS (
    SELECT allowed.*, row_number() OVER (PARTITION BY allowed.thread_id ORDER BY allowed.place) AS step
    FROM allowed
    LEFT JOIN known USING (thread_id, sender_id, client_message_id)
    WHERE allowed.client_message_id IS NULL OR (allowed.attempt = 1 AND known.id IS NULL)
), advanced AS (
    UPDATE thread
    SET last_seq = last_seq + growth.messages,
        updated_at = greatest(updated_at, date_trunc('milliseconds', clock_timestamp())),
        changed = greatest(changed, pg_current_xact_id())
    FROM (SELECT thread_id, count(*) AS messages FROM fresh GROUP BY thread_id) growth
    WHERE thread.id = growth.thread_id
    RETURNING thread.id, thread.last_seq - growth.messages AS seq_before, thread.updated_at
), stored AS (
    INSERT INTO message (id, thread_id, seq, sender_id, content, client_message_id, created_at)
    SELECT fresh.id, fresh.thread_id, advanced.seq_before + fresh.step, fresh.sender_id, fresh.content,
           fresh.client_message_id, advanced.updated_at
    FROM fresh
    JOIN advanced ON advanced.id = fresh.thread_id
    RETURNING id, thread_id, seq, sender_id, content, client_message_id, created_at, changed
), reading AS (
    UPDATE thread_member
    SET last_read_seq = own.seq, last_read_at = own.created_at, changed = pg_current_xact_id()
    FROM (SELECT thread_id, sender_id, max(seq) AS seq, max(created_at) AS created_at
          FROM stored GROUP BY thread_id, sender_id) own
    WHERE thread_member.thread_id = own.thread_id AND thread_member.user_id = own.sender_id
), outcome AS (
    SELECT allowed.place, true AS is_new, stored.*
    FROM allowed
    JOIN stored ON stored.id = allowed.id
    UNION ALL
    SELECT allowed.place, false, stored.*
    FROM allowed
    JOIN stored ON stored.thread_id = allowed.thread_id AND stored.sender_id = allowed.sender_id
               AND stored.client_message_id = allowed.client_message_id
    WHERE allowed.attempt > 1
    UNION ALL
    SELECT allowed.place, false, known.*
    FROM allowed
    JOIN known ON known.thread_id = allowed.thread_id AND known.sender_id = allowed.sender_id
              AND known.client_message_id = allowed.client_message_id
)
SELECT outcome.id AS message_id, outcome.thread_id, outcome.sender_id, outcome.content, outcome.client_message_id,
       outcome.place, outcome.is_new, outcome.seq, outcome.created_at AS sent_at,
       sender.name AS sender_name, sender.image_url AS sender_image_url,
       CAST(CAST(outcome.changed AS text) AS bigint) AS stored_in,
       CASE WHEN outcome.thread_id = ANY (CAST($6 AS uuid[])) THEN
           ARRAY(SELECT member.user_id FROM thread_member member
                 WHERE member.thread_id = outcome.thread_id ORDER BY member.user_id)
       END AS member_ids
FROM outcome
JOIN app_user sender ON sender.id = outcome.sender_id;

WITH given AS (
    SELECT given.*
    FROM unnest(CAST($1 AS uuid[]), CAST($2 AS uuid[]), CAST($3 AS text[]),
                CAST($4 AS text[]), CAST($5 AS text[]))
         WITH ORDINALITY AS given (id, thread_id, sender_id, content, client_message_id, place)
), fresh AS (
    SELECT given.*, row_number() OVER (PARTITION BY given.thread_id ORDER BY given.place) AS step
    FROM given
    WHERE EXISTS (SELECT FROM thread_member own
                  WHERE own.thread_id = given.thread_id AND own.user_id = given.sender_id)
      AND NOT EXISTS (SELECT FROM message known
                      WHERE known.thread_id = given.thread_id AND known.sender_id = given.sender_id
                        AND known.client_message_id = given.client_message_id)
), locked AS (
    SELECT thread.id, growth.messages
    FROM thread
    JOIN (SELECT thread_id, count(*) AS messages FROM fresh GROUP BY thread_id) growth
      ON growth.thread_id = thread.id
    ORDER BY thread.id
    FOR NO KEY UPDATE OF thread
), advanced AS (
    UPDATE thread
    SET last_seq = last_seq + locked.messages,
        updated_at = greatest(updated_at, date_trunc('milliseconds', clock_timestamp())),
        changed = greatest(changed, pg_current_xact_id())
    FROM locked
    WHERE thread.id = locked.id
    RETURNING thread.id, thread.last_seq - locked.messages AS seq_before, thread.updated_at
), stored AS (
    INSERT INTO message (id, thread_id, seq, sender_id, content, client_message_id, created_at)
    SELECT fresh.id, fresh.thread_id, advanced.seq_before + fresh.step, fresh.sender_id, fresh.content,
           fresh.client_message_id, advanced.updated_at
    FROM fresh
    JOIN advanced ON advanced.id = fresh.thread_id
    RETURNING id, thread_id, seq, sender_id, content, client_message_id, created_at, changed
), reading AS (
    UPDATE thread_member
    SET last_read_seq = own.seq, last_read_at = own.created_at, changed = pg_current_xact_id()
    FROM (SELECT thread_id, sender_id, max(seq) AS seq, max(created_at) AS created_at
          FROM stored GROUP BY thread_id, sender_id) own
    WHERE thread_member.thread_id = own.thread_id AND thread_member.user_id = own.sender_id
), outcome AS (
    SELECT fresh.place, true AS is_new, stored.*
    FROM stored
    JOIN fresh ON fresh.id = stored.id
)
SELECT
       outcome.place, outcome.is_new, outcome.seq, outcome.created_at AS sent_at,
       sender.name AS sender_name, sender.image_url AS sender_image_url,
       CAST(CAST(outcome.changed AS text) AS bigint) AS stored_in,
       CASE WHEN outcome.thread_id = ANY (CAST($6 AS uuid[])) THEN
           ARRAY(SELECT member.user_id FROM thread_member member
                 WHERE member.thread_id = outcome.thread_id ORDER BY member.user_id)
       END AS member_ids
FROM outcome
JOIN app_user sender ON sender.id = outcome.sender_id;

WITH horizon AS MATERIALIZED (
SELECT current_history_epoch() AS epoch,
       CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint) AS oldest_running,
       CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint) AS next_unassigned,
       ARRAY(SELECT CAST(CAST(running.id AS text) AS bigint)
             FROM pg_snapshot_xip(pg_current_snapshot()) AS running (id) ORDER BY running.id) AS running,
       CAST(CAST(greatest(
           (SELECT changed FROM history_epoch),
           (SELECT changed FROM message ORDER BY message.changed DESC LIMIT 1),
           (SELECT changed FROM message_read ORDER BY message_read.changed DESC LIMIT 1),
           (SELECT created_in FROM thread WHERE created_in IS NOT NULL ORDER BY created_in DESC LIMIT 1)
       ) AS text) AS bigint) AS newest_change
), place AS (
    SELECT thread.id
    FROM thread
    WHERE thread.id = ANY (ARRAY(SELECT thread_id FROM thread_member WHERE user_id = $1))
      AND (thread.updated_at, thread.id) < ($2, $3)
    ORDER BY thread.updated_at DESC, thread.id DESC
    LIMIT $4
), page AS (
SELECT thread.id AS thread_id, thread.kind, thread.title, thread.last_seq, thread.created_at, thread.updated_at,
       thread.last_seq - own.last_read_seq AS unread_count,
       CASE WHEN own.muted_until > clock_timestamp() THEN own.muted_until END AS muted_until,
       message.id AS message_id, message.seq, message.sender_id, message.content,
       message.client_message_id, message.created_at AS sent_at,
       sender.name AS sender_name, sender.image_url AS sender_image_url, participants.*
FROM place
JOIN thread ON thread.id = place.id
CROSS JOIN LATERAL (
    SELECT last_read_seq, muted_until
    FROM thread_member
    WHERE thread_id = place.id AND user_id = $5
    LIMIT 1
) own
LEFT JOIN message ON message.thread_id = thread.id AND message.seq = thread.last_seq
LEFT JOIN app_user sender ON sender.id = message.sender_id
CROSS JOIN LATERAL (
    SELECT array_agg(member.user_id) AS member_ids, array_agg(member.name) AS member_names,
           array_agg(member.image_url) AS member_image_urls, array_agg(member.role) AS member_roles,
           array_agg(member.last_read_seq) AS member_read_seqs,
           array_agg(CAST(extract(epoch FROM member.last_read_at) * 1000 AS bigint)) AS member_read_times
    FROM (SELECT member.user_id, person.name, person.image_url, member.role,
                 member.last_read_seq, member.last_read_at
          FROM thread_member member
          JOIN app_user person ON person.id = member.user_id
          WHERE member.thread_id = thread.id
          ORDER BY member.joined_at, member.user_id) member
) participants
)
SELECT horizon.*, page.*
FROM horizon
LEFT JOIN page ON true
ORDER BY page.updated_at DESC, page.thread_id DESC;

WITH place AS (
    SELECT wanted.id, wanted.number
    FROM unnest(CAST($1 AS uuid[])) WITH ORDINALITY AS wanted (id, number)
)
SELECT thread.id AS thread_id, thread.kind, thread.title, thread.last_seq, thread.created_at, thread.updated_at,
       thread.last_seq - own.last_read_seq AS unread_count,
       CASE WHEN own.muted_until > clock_timestamp() THEN own.muted_until END AS muted_until,
       message.id AS message_id, message.seq, message.sender_id, message.content,
       message.client_message_id, message.created_at AS sent_at,
       sender.name AS sender_name, sender.image_url AS sender_image_url, participants.*
FROM place
JOIN thread ON thread.id = place.id
CROSS JOIN LATERAL (
    SELECT last_read_seq, muted_until
    FROM thread_member
    WHERE thread_id = place.id AND user_id = $2
    LIMIT 1
) own
LEFT JOIN message ON message.thread_id = thread.id AND message.seq = thread.last_seq
LEFT JOIN app_user sender ON sender.id = message.sender_id
CROSS JOIN LATERAL (
    SELECT array_agg(member.user_id) AS member_ids, array_agg(member.name) AS member_names,
           array_agg(member.image_url) AS member_image_urls, array_agg(member.role) AS member_roles,
           array_agg(member.last_read_seq) AS member_read_seqs,
           array_agg(CAST(extract(epoch FROM member.last_read_at) * 1000 AS bigint)) AS member_read_times
    FROM (SELECT member.user_id, person.name, person.image_url, member.role,
                 member.last_read_seq, member.last_read_at
          FROM thread_member member
          JOIN app_user person ON person.id = member.user_id
          WHERE member.thread_id = thread.id
          ORDER BY member.joined_at, member.user_id) member
) participants
ORDER BY place.number;

WITH progress AS (
SELECT CAST(CAST(stored_in AS text) AS bigint) AS stored_in, thread_id, seq,
       CAST(CAST(read_in AS text) AS bigint) AS read_in
FROM push_progress
), horizon AS (
SELECT current_history_epoch() AS epoch,
       CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint) AS oldest_running,
       CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint) AS next_unassigned,
       ARRAY(SELECT CAST(CAST(running.id AS text) AS bigint)
             FROM pg_snapshot_xip(pg_current_snapshot()) AS running (id) ORDER BY running.id) AS running,
       CAST(CAST(greatest(
           (SELECT changed FROM history_epoch),
           (SELECT changed FROM message ORDER BY message.changed DESC LIMIT 1),
           (SELECT changed FROM message_read ORDER BY message_read.changed DESC LIMIT 1),
           (SELECT created_in FROM thread WHERE created_in IS NOT NULL ORDER BY created_in DESC LIMIT 1)
       ) AS text) AS bigint) AS newest_change
)
SELECT progress.*, horizon.*, EXISTS (SELECT FROM push_moment) AS waits
FROM progress CROSS JOIN horizon;

WITH unseen AS MATERIALIZED (
    SELECT seq FROM message
    WHERE thread_id = $1 AND message.changed >= CAST($2 AS xid8)
      AND NOT pg_visible_in_snapshot(message.changed, CAST($3 AS pg_snapshot)))
SELECT seq FROM unseen ORDER BY seq LIMIT 1;
