/** Reading watermarks and the record of who read what. Called by both edges through the public store, on threads that may block. */
@NullMarked
package com.cove.db.read;

import org.jspecify.annotations.NullMarked;
