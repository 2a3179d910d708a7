/** Sending messages and paging through them. Called by API Gateway through {@link com.cove.api.http.ApiHandler}, on threads that may block. */
@NullMarked
package com.cove.api.message;

import org.jspecify.annotations.NullMarked;
