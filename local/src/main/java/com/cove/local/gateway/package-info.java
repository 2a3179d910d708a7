/**
 * The API Gateway stand-in in front of the real Lambda handlers. Started by the programs of {@code local}; a virtual
 * thread a request.
 */
@NullMarked
package com.cove.local.gateway;

import org.jspecify.annotations.NullMarked;
