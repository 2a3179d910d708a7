-- What was stored since a moment, in all threads: each server asks once a second. The newest entries are together at the end.
CREATE INDEX message_news ON message (changed, thread_id, seq);
