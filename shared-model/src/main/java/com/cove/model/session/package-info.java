/** What a connected client says about its own session. Immutable, any thread. */
@NullMarked
package com.cove.model.session;

import org.jspecify.annotations.NullMarked;
