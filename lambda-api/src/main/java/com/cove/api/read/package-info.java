/** Marking messages read. Called by API Gateway through {@link com.cove.api.http.ApiHandler}, on threads that may block. */
@NullMarked
package com.cove.api.read;

import org.jspecify.annotations.NullMarked;
