-- PostgreSQL keeps a CHECK as text, and reads the text of all of a table's again for every statement that writes to it: a quarter of what
-- a message that is sent alone cost it. These three tables are written with every message; what their rows may hold, the programs
-- guarantee (docs/adr/0030-no-checks-on-hot-rows.md). What is unique, refers or must be there, the schema does, as before.
-- squawk-ignore ban-drop-constraint
ALTER TABLE message DROP CONSTRAINT message_content_length;
-- squawk-ignore ban-drop-constraint
ALTER TABLE message DROP CONSTRAINT message_client_message_id_characters;
-- squawk-ignore ban-drop-constraint
ALTER TABLE message DROP CONSTRAINT message_seq_positive;
-- squawk-ignore ban-drop-constraint
ALTER TABLE thread DROP CONSTRAINT thread_last_seq_positive;
-- squawk-ignore ban-drop-constraint
ALTER TABLE thread DROP CONSTRAINT thread_kind_known;
-- squawk-ignore ban-drop-constraint
ALTER TABLE thread DROP CONSTRAINT thread_title_length;
-- squawk-ignore ban-drop-constraint
ALTER TABLE thread DROP CONSTRAINT thread_direct_form;
-- squawk-ignore ban-drop-constraint
ALTER TABLE thread_member DROP CONSTRAINT thread_member_last_read_seq_positive;
-- squawk-ignore ban-drop-constraint
ALTER TABLE thread_member DROP CONSTRAINT thread_member_role_known;
