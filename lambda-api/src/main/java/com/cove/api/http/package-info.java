/** What every endpoint does alike: who calls, what it asks, the answer, the error. Called by the handlers, on any thread. */
@NullMarked
package com.cove.api.http;

import org.jspecify.annotations.NullMarked;
