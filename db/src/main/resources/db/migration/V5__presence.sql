-- Who wants nobody to see whether they are online. The servers look for what changed; most people never change it.
ALTER TABLE app_user ADD COLUMN presence_hidden boolean NOT NULL DEFAULT false;
ALTER TABLE app_user ADD COLUMN presence_changed xid8;
CREATE INDEX app_user_presence_changed ON app_user (presence_changed) WHERE presence_changed IS NOT NULL;
