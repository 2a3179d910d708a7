/** The life of a connection as its token allows: the event {@code refresh_token}, and the end at expiry or revocation. */
@NullMarked
package com.cove.socket.session;

import org.jspecify.annotations.NullMarked;
