/** The REST side: pages of history, lists of threads, sync, and sends. */
@NullMarked
package com.cove.bench.reads;

import org.jspecify.annotations.NullMarked;
