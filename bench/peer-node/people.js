/** Who is known to the database, by what their tokens say: a call of somebody known asks nothing. */
const REMEMBERED = 100_000;

export class People {
  constructor(store) {
    Object.assign(this, { store, known: new Map() });
  }

  /** @returns the ids of their threads */
  async arrive(user) {
    const threads = await this.store.arrive(user);
    if (this.known.size >= REMEMBERED) this.known.clear();
    this.known.set(user.id, `${user.name}\n${user.imageUrl}`);
    return threads;
  }

  async know(user) {
    if (this.known.get(user.id) !== `${user.name}\n${user.imageUrl}`) await this.arrive(user);
  }
}
