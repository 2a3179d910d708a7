/** Websockets, frame by frame, on one event loop. Everything here but {@link com.cove.bench.wire.Run} is called on that loop only. */
@NullMarked
package com.cove.bench.wire;

import org.jspecify.annotations.NullMarked;
