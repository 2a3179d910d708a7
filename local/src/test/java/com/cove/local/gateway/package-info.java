/** Tests of the API Gateway stand-in, over real HTTP. */
@NullMarked
package com.cove.local.gateway;

import org.jspecify.annotations.NullMarked;
