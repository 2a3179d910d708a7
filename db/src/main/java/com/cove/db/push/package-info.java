/** Who is due a push, and what became of it. Called by the socket server through the public store, on threads that may block. */
@NullMarked
package com.cove.db.push;

import org.jspecify.annotations.NullMarked;
