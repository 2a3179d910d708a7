/** The database over pg: prepared statements, and as few of them as it takes. */
import pg from "pg";
import { notFound, Refusal } from "./refusal.js";
import { messageView } from "./views.js";

const UNIQUE_VIOLATION = "23505";
const FOREIGN = "22P02";

const TIMESTAMPTZ = 1184;

/** As the wire has them, where the session is in UTC: to make a Date of each, and text again, would be half the cost of a page of messages. */
pg.types.setTypeParser(TIMESTAMPTZ, (text) => {
  const time = text.slice(11, -3);
  return `${text.slice(0, 10)}T${time.length === 8 ? `${time}.000` : time.padEnd(12, "0")}Z`;
});

/** Named statements are parsed and planned once for each connection. */
const statement = (name, text) => (values) => ({ name, text, values });

const arrive = statement("arrive", `
  WITH known AS (
    INSERT INTO app_user (id, name, image_url) VALUES ($1, $2, $3)
    ON CONFLICT (id) DO UPDATE SET name = $2, image_url = $3
    WHERE (app_user.name, app_user.image_url) IS DISTINCT FROM ($2, $3))
  SELECT thread_id FROM thread_member WHERE user_id = $1`);

/** The update of the thread's row is its lock, too; the message's number is what it returns. */
const send = statement("send", `
  WITH advanced AS (
    UPDATE thread
    SET last_seq = last_seq + 1, last_message_id = uuidv7(), updated_at = greatest(updated_at, clock_timestamp())
    WHERE id = $1 AND EXISTS (SELECT 1 FROM thread_member WHERE thread_id = $1 AND user_id = $2)
    RETURNING id, last_seq, last_message_id, updated_at
  ), stored AS (
    INSERT INTO message (id, thread_id, seq, sender_id, content, client_message_id, created_at)
    SELECT last_message_id, id, last_seq, $2, $3, $4, updated_at FROM advanced
  ), reading AS (
    UPDATE thread_member SET last_read_seq = advanced.last_seq, last_read_at = advanced.updated_at
    FROM advanced WHERE thread_member.thread_id = advanced.id AND thread_member.user_id = $2
  )
  SELECT last_message_id AS id, last_seq AS seq, updated_at AS "createdAt" FROM advanced`);

const MESSAGE = `
  message.id, message.thread_id AS "threadId", message.seq, message.sender_id AS "senderId", message.content,
  message.client_message_id AS "clientMessageId", message.created_at AS "createdAt", sender.name, sender.image_url AS "imageUrl"`;

const sentBefore = statement("sent-before", `
  SELECT ${MESSAGE} FROM message JOIN app_user sender ON sender.id = sender_id
  WHERE thread_id = $1 AND sender_id = $2 AND client_message_id = $3`);

const read = statement("read", `
  UPDATE thread_member own
  SET last_read_seq = greatest(own.last_read_seq, message.seq), last_read_at = clock_timestamp()
  FROM message
  WHERE message.id = $2 AND own.thread_id = message.thread_id AND own.user_id = $1
  RETURNING message.id AS "messageId", own.thread_id AS "threadId", own.user_id AS "userId", own.last_read_at AS "readAt",
            own.last_read_seq AS "lastReadSeq"`);

const before = statement("before", `
  SELECT ${MESSAGE} FROM message JOIN app_user sender ON sender.id = sender_id
  WHERE thread_id = $1 AND seq < $3 AND EXISTS (SELECT 1 FROM thread_member WHERE thread_id = $1 AND user_id = $2)
  ORDER BY seq DESC LIMIT $4`);

const after = statement("after", `
  SELECT ${MESSAGE} FROM message JOIN app_user sender ON sender.id = sender_id
  WHERE thread_id = $1 AND seq > $3 AND EXISTS (SELECT 1 FROM thread_member WHERE thread_id = $1 AND user_id = $2)
  ORDER BY seq LIMIT $4`);

const isMember = statement("is-member", "SELECT 1 FROM thread_member WHERE thread_id = $1 AND user_id = $2");

/** The participants come as one value of each row: parsing that is cheaper than rows of their own, or a second statement. */
const THREADS = `
  SELECT page.id, page.kind, page.title, page.last_seq AS "lastSeq", page.created_at AS "createdAt", page.updated_at AS "updatedAt",
         page.last_seq - page.last_read_seq AS "unreadCount",
         CASE WHEN page.muted_until > now() THEN page.muted_until END AS "mutedUntil",
         message.id AS "messageId", message.seq, message.sender_id AS "senderId", message.content,
         message.client_message_id AS "clientMessageId", message.created_at AS "sentAt", sender.name, sender.image_url AS "imageUrl",
         (SELECT json_agg(json_build_object(
              'id', member.user_id, 'name', person.name, 'imageUrl', person.image_url, 'role', member.role,
              'lastReadSeq', member.last_read_seq,
              'lastReadAt', to_char(member.last_read_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
            ORDER BY member.joined_at, member.user_id)
          FROM thread_member member JOIN app_user person ON person.id = member.user_id
          WHERE member.thread_id = page.id) AS participants
  FROM page
  LEFT JOIN message ON message.id = page.last_message_id
  LEFT JOIN app_user sender ON sender.id = message.sender_id`;

const newest = statement("newest", `
  WITH page AS (
    SELECT thread.*, own.last_read_seq, own.muted_until
    FROM thread_member own JOIN thread ON thread.id = own.thread_id
    WHERE own.user_id = $1
    ORDER BY thread.updated_at DESC, thread.id DESC LIMIT $2)
  ${THREADS} ORDER BY page.updated_at DESC, page.id DESC`);

const older = statement("older", `
  WITH page AS (
    SELECT thread.*, own.last_read_seq, own.muted_until
    FROM thread_member own JOIN thread ON thread.id = own.thread_id
    WHERE own.user_id = $1 AND (thread.updated_at, thread.id) < ($3, $4)
    ORDER BY thread.updated_at DESC, thread.id DESC LIMIT $2)
  ${THREADS} ORDER BY page.updated_at DESC, page.id DESC`);

const changed = statement("changed", `
  WITH page AS (
    SELECT thread.*, own.last_read_seq, own.muted_until
    FROM thread_member own JOIN thread ON thread.id = own.thread_id
    WHERE own.user_id = $1 AND own.thread_id > $3
      AND (thread.updated_at >= $4
           OR EXISTS (SELECT 1 FROM thread_member member WHERE member.thread_id = own.thread_id AND member.last_read_at >= $4))
    ORDER BY own.thread_id LIMIT $2)
  ${THREADS} ORDER BY page.id`);

const news = statement("news", `
  SELECT ${MESSAGE}
  FROM thread_member own
  JOIN thread ON thread.id = own.thread_id
  CROSS JOIN LATERAL (
    SELECT * FROM message
    WHERE message.thread_id = own.thread_id AND message.created_at >= $3 AND (own.thread_id > $4 OR message.seq > $5)
    ORDER BY message.created_at, message.seq LIMIT $2) message
  JOIN app_user sender ON sender.id = message.sender_id
  WHERE own.user_id = $1 AND own.thread_id >= $4 AND thread.updated_at >= $3
  ORDER BY own.thread_id, message.seq LIMIT $2`);

const NO_THREAD = "00000000-0000-0000-0000-000000000000";

export class PgStore {
  constructor({ url, connections }) {
    this.pool = new pg.Pool({
      connectionString: url, options: "-c TimeZone=UTC", max: connections, min: connections, idleTimeoutMillis: 0, keepAlive: true });
    this.pool.on("error", (error) => console.error("A connection of the database ended:", error.message));
  }

  async run(prepared) {
    try {
      return (await this.pool.query(prepared)).rows;
    } catch (error) {
      // An id that is none is nobody's.
      if (error.code === FOREIGN) throw notFound();
      throw error;
    }
  }

  async ready() {
    await this.pool.query("SELECT 1");
  }

  /** Knows who this is, and answers the ids of their threads. */
  async arrive({ id, name, imageUrl }) {
    return (await this.run(arrive([id, name, imageUrl]))).map((row) => row.thread_id);
  }

  async send(sender, { threadId, content, clientMessageId = null }) {
    try {
      const [row] = await this.run(send([threadId, sender.id, content, clientMessageId]));
      if (!row) throw notFound();
      return { isNew: true, message: messageView({ ...row, threadId, senderId: sender.id, content, clientMessageId }, sender) };
    } catch (error) {
      if (error.code !== UNIQUE_VIOLATION || error.constraint !== "message_client") throw error;
      return this.repeated(sender, { threadId, content, clientMessageId });
    }
  }

  async repeated(sender, { threadId, content, clientMessageId }) {
    const [row] = await this.run(sentBefore([threadId, sender.id, clientMessageId]));
    if (row.content !== content) throw new Refusal("conflict", "This clientMessageId was used for another message.");
    return { isNew: false, message: messageView(row, row) };
  }

  async read(user, messageId) {
    const [row] = await this.run(read([user.id, messageId]));
    if (!row) throw notFound();
    return row;
  }

  /** `limit` messages and one more, newest first unless `after` a seq. */
  async messages(user, { threadId, limit, before: below, after: above }) {
    const rows = await this.run(above === undefined
      ? before([threadId, user.id, below ?? 2 ** 31 - 1, limit + 1])
      : after([threadId, user.id, above, limit + 1]));
    if (!rows.length && !(await this.run(isMember([threadId, user.id]))).length) throw notFound();
    return rows.map((row) => messageView(row, row));
  }

  /** `limit` threads and one more, newest activity first, after a place. */
  async threads(user, { limit, place }) {
    const rows = await this.run(place ? older([user.id, limit + 1, place.updatedAt, place.id]) : newest([user.id, limit + 1]));
    return rows.map(threadView);
  }

  async changedThreads(user, { since, thread, limit }) {
    return (await this.run(changed([user.id, limit, thread ?? NO_THREAD, new Date(since)]))).map(threadView);
  }

  /** Messages since, by thread and seq, after a place. */
  async changedMessages(user, { since, thread, seq, limit }) {
    return (await this.run(news([user.id, limit, new Date(since), thread ?? NO_THREAD, seq]))).map((row) => messageView(row, row));
  }

  close() {
    return this.pool.end();
  }
}

function threadView({ id, kind, title, participants, messageId, lastSeq, unreadCount, mutedUntil, createdAt, updatedAt, sentAt, ...last }) {
  return {
    id, kind, title, participants,
    lastMessage: messageId && messageView({ ...last, id: messageId, threadId: id, createdAt: sentAt }, last),
    lastSeq, unreadCount, mutedUntil, createdAt, updatedAt,
  };
}
