/** The error codes of the wire contract and the exception that carries one to an edge. Used by every module, on any thread. */
@NullMarked
package com.cove.model.error;

import org.jspecify.annotations.NullMarked;
