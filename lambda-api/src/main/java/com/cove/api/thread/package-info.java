/** Creating, listing and muting threads. Called by API Gateway through {@link com.cove.api.http.ApiHandler}, on threads that may block. */
@NullMarked
package com.cove.api.thread;

import org.jspecify.annotations.NullMarked;
