/** Who talks to whom: the same groups for each number of nodes, with people of their own, so that all may stay connected. */

const id = (number) => `01929e3c-0000-7000-8000-${String(number).padStart(12, "0")}`;

/**
 * @param label tells this one's people from others'
 * @param first number of the first thread
 * @param count people
 * @param sizes of the groups; each size takes all people, the neighbours together
 */
export function peopleOf(label, first, count, sizes) {
  // As long as Firebase's.
  const users = Array.from({ length: count }, (_, i) => `${label}${String(i).padStart(28 - label.length, "0")}`);
  const groups = Object.fromEntries(sizes.map((size) => [size, []]));
  let thread = first;
  for (const size of sizes) {
    for (let i = 0; i + size <= count; i += size) {
      groups[size].push({ threadId: id((thread += 1)), members: users.slice(i, i + size) });
    }
  }
  return { users, groups };
}

/** The statements that make them. */
export function sqlOf({ users, groups }) {
  const threads = Object.values(groups).flat();
  const rows = (list, row) => list.map(row).join(",");
  return [
    `INSERT INTO app_user (id, name) VALUES ${rows(users, (uid) => `('${uid}', '${uid}')`)}`,
    `INSERT INTO thread (id, kind, title, created_by, created_at, updated_at)
       VALUES ${rows(threads, ({ threadId, members }) => `('${threadId}', 'group', 'bench', '${members[0]}', now(), now())`)}`,
    `INSERT INTO thread_member (thread_id, user_id, role, joined_at)
       VALUES ${rows(threads, ({ threadId, members }) => rows(members, (uid) => `('${threadId}', '${uid}', 'member', now())`))}`,
  ].join(";");
}
