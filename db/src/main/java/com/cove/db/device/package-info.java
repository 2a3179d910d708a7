/** Devices and their FCM tokens. Called by both edges through the public store, on threads that may block. */
@NullMarked
package com.cove.db.device;

import org.jspecify.annotations.NullMarked;
