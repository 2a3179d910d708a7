/** What every scenario stands on: the event loop, and the order of warming up, measuring and waiting for the rest. */
@NullMarked
package com.cove.bench.run;

import org.jspecify.annotations.NullMarked;
