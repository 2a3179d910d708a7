package com.cove.model.session;

import java.time.Instant;

/** The acknowledgement of {@code refresh_token}: until when the connection now lasts. */
public record TokenRefreshed(Instant expiresAt) {}
