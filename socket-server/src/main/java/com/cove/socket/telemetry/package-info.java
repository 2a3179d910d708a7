/** What the server tells its operators: meters for Prometheus and log lines within a budget. Called on any thread; never blocks. */
@NullMarked
package com.cove.socket.telemetry;

import org.jspecify.annotations.NullMarked;
