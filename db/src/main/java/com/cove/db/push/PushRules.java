package com.cove.db.push;

import java.time.Duration;

/**
 * When a push is due.
 *
 * @param grace how long a message may take to reach a device by itself
 * @param patience how much longer a node may take to report whom it reached; one that takes longer is not waited for
 * @param stale a message older than this is not pushed any more
 * @param withdraw whether a notification is taken away once its message was read
 */
public record PushRules(Duration grace, Duration patience, Duration stale, boolean withdraw) {}
