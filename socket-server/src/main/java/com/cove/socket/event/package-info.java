/** From an event on the wire to its handler and back: decoding, binding, acknowledging, errors – once, for all events. Called by transport on virtual threads. */
@NullMarked
package com.cove.socket.event;

import org.jspecify.annotations.NullMarked;
