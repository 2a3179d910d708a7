/**
 * What the Lambdas write to CloudWatch: one JSON object a line. An SLF4J provider of a few small classes, since all that there are
 * to be had add to a cold start what nobody here needs of them. It is in the Lambda's jar only; other programs bring their own.
 * Called by everybody who logs, on any thread.
 */
@NullMarked
package com.cove.api.log;

import org.jspecify.annotations.NullMarked;
