/** The Socket.IO events of the wire contract, both directions. Immutable, any thread. */
@NullMarked
package com.cove.model.event;

import org.jspecify.annotations.NullMarked;
