/** What changed for somebody since a cursor. Called by both edges through the public store, on threads that may block. */
@NullMarked
package com.cove.db.sync;

import org.jspecify.annotations.NullMarked;
