/** Who may see whether somebody is online. Called by API Gateway through {@link com.cove.api.http.ApiHandler}, on threads that may block. */
@NullMarked
package com.cove.api.presence;

import org.jspecify.annotations.NullMarked;
