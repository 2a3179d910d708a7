/**
 * The REST side: {@link com.cove.api.ApiRoutes} lists the endpoints, {@link com.cove.api.ApiServices} wires what they
 * use. Called by AWS Lambda, one request at a time in each JVM, and by the local gateway from many threads.
 */
@NullMarked
package com.cove.api;

import org.jspecify.annotations.NullMarked;
