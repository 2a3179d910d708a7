/** Pushes through Firebase Cloud Messaging. Called by the socket server, on virtual threads. */
@NullMarked
package com.cove.auth.fcm;

import org.jspecify.annotations.NullMarked;
