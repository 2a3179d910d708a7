/** People who write to each other in threads: what is sent when, and whether everybody gets exactly that. On the event loop. */
@NullMarked
package com.cove.bench.talk;

import org.jspecify.annotations.NullMarked;
