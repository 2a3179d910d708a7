/** Messages: sending exactly once in sequence, paging, reading ranges. Called by both edges through the public store, on threads that may block. */
@NullMarked
package com.cove.db.message;

import org.jspecify.annotations.NullMarked;
