/** Websockets, frame by frame. Called on the event loop only. */
@NullMarked
package com.cove.bench.wire;

import org.jspecify.annotations.NullMarked;
