/** Catching up: everything that changed since a cursor. Immutable, any thread. */
@NullMarked
package com.cove.model.sync;

import org.jspecify.annotations.NullMarked;
