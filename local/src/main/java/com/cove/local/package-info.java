/**
 * The whole system on one machine, for development and proof: the programs, their PostgreSQL, and the verifier that takes
 * unsigned tokens. Nothing of this is deployed.
 */
@NullMarked
package com.cove.local;

import org.jspecify.annotations.NullMarked;
