package com.cove.socket.session;

import com.cove.auth.TokenVerifier;
import com.cove.auth.VerifiedToken;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.session.RefreshToken;
import com.cove.model.session.TokenRefreshed;
import com.cove.socket.event.ConnectionObserver;
import com.cove.socket.transport.CloseReason;
import com.cove.socket.transport.Connection;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Ends a connection when its token has expired and no fresh one came. */
public final class TokenExpiry implements ConnectionObserver {
    private final TokenVerifier verifier;
    private final Timer timer;
    private final Clock clock;
    private final Map<Connection, Timeout> ends = new ConcurrentHashMap<>();

    public TokenExpiry(TokenVerifier verifier, Timer timer, Clock clock) {
        this.verifier = verifier;
        this.timer = timer;
        this.clock = clock;
    }

    /** {@code refresh_token}; {@code forbidden} for a token of somebody else. */
    public TokenRefreshed refresh(Connection connection, RefreshToken request) {
        VerifiedToken token = verifier.verify(request.token());
        if (!token.userId().equals(connection.user())) {
            throw new AppException(ErrorCode.FORBIDDEN, "The token belongs to another user");
        }
        connection.refresh(token);
        ends.computeIfPresent(connection, (_, before) -> {
            before.cancel();
            return end(connection);
        });
        return new TokenRefreshed(token.expiresAt());
    }

    @Override
    public void connected(Connection connection) {
        ends.put(connection, end(connection));
    }

    @Override
    public void disconnected(Connection connection) {
        Timeout end = ends.remove(connection);
        if (end != null) {
            end.cancel();
        }
    }

    private Timeout end(Connection connection) {
        Duration left = Duration.between(clock.instant(), connection.token().expiresAt());
        return timer.newTimeout(
                _ -> connection.close(CloseReason.TOKEN_EXPIRED), Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS);
    }
}
