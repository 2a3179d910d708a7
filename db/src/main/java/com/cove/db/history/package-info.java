/**
 * Positions in the database's history of commits: the horizon that a snapshot can vouch for, and the cursor that carries
 * it to a client and back; and an event with its place in it. Called by the stores inside a snapshot.
 */
@NullMarked
package com.cove.db.history;

import org.jspecify.annotations.NullMarked;
