-- What the events of test-events/ name: two people, their thread and a message in it.
INSERT INTO app_user (id, name) VALUES ('ann', 'Ann'), ('ben', 'Ben');
INSERT INTO thread (id, kind, title, created_by, last_seq, created_at, updated_at)
  VALUES ('01935c2e-5a00-7000-8000-000000000001', 'group', 'Training', 'ben', 1, now(), now());
INSERT INTO thread_member (thread_id, user_id, role, joined_at)
  SELECT '01935c2e-5a00-7000-8000-000000000001', id, 'member', now() FROM app_user;
INSERT INTO message (id, thread_id, seq, sender_id, content, created_at)
  VALUES ('01935c2e-5a00-7000-8000-000000000101', '01935c2e-5a00-7000-8000-000000000001', 1, 'ben', 'At noon?', now());
