/** Marking a message read, and what that answers. Immutable, any thread. */
@NullMarked
package com.cove.model.read;

import org.jspecify.annotations.NullMarked;
