/**
 * Who is calling: verification of Firebase ID tokens. Called by both edges on threads that may block, never on an event
 * loop.
 */
@NullMarked
package com.cove.auth;

import org.jspecify.annotations.NullMarked;
