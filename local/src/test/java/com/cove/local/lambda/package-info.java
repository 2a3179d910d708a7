/** The Lambdas' jar as AWS runs it: unpacked, in a JVM of its own, under the real runtime client. */
@NullMarked
package com.cove.local.lambda;

import org.jspecify.annotations.NullMarked;
