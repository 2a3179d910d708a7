/** Threads and their members: creating, listing, muting. Called by both edges through the public store, on threads that may block. */
@NullMarked
package com.cove.db.thread;

import org.jspecify.annotations.NullMarked;
