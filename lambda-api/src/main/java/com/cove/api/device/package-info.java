/** The devices that receive pushes. Called by API Gateway through {@link com.cove.api.http.ApiHandler}, on threads that may block. */
@NullMarked
package com.cove.api.device;

import org.jspecify.annotations.NullMarked;
