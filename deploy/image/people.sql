-- Those who come in the training run, and a thread for each two of them.
INSERT INTO app_user (id, name) SELECT 'person-' || i, NULL FROM generate_series(0, 399) i;
INSERT INTO thread (id, kind, title, created_by, last_seq, created_at, updated_at)
  SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(1 + i), 12, '0'))::uuid, 'group', 'Training', 'person-' || 2 * i, 0, now(), now() FROM generate_series(0, 199) i;
INSERT INTO thread_member (thread_id, user_id, role, joined_at)
  SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(1 + i / 2), 12, '0'))::uuid, 'person-' || i, 'member', now() FROM generate_series(0, 399) i;
