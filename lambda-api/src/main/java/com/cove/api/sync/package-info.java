/** Catching up from a cursor. Called by API Gateway through {@link com.cove.api.http.ApiHandler}, on threads that may block. */
@NullMarked
package com.cove.api.sync;

import org.jspecify.annotations.NullMarked;
