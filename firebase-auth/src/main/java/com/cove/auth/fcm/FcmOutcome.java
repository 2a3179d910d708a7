package com.cove.auth.fcm;

import com.cove.auth.NoServiceAccountException;
import com.google.auth.Retryable;
import com.google.firebase.IncomingHttpResponse;
import com.google.firebase.messaging.FirebaseMessagingException;
import com.google.firebase.messaging.MessagingErrorCode;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;

/**
 * What a failure means. A token counts as dead only where FCM itself says so, with a code of its own: a proxy, a wrong
 * project or a missing permission answer with the same statuses and must not cost anybody their pushes. What FCM or a
 * cause says in words goes no further: it may quote the token or the text.
 */
final class FcmOutcome {
    /** What FCM's documentation asks for after 429 where no {@code Retry-After} does. */
    private static final Duration QUOTA_DEFAULT = Duration.ofMinutes(1);

    /** Causes may go in a circle. */
    private static final int MAX_CAUSES = 20;

    private FcmOutcome() {}

    /** @param accountProven whether FCM has taken a push of this service account before */
    static PushResult of(FirebaseMessagingException e, boolean accountProven, Instant now) {
        IncomingHttpResponse answer = e.getHttpResponse();
        if (answer == null) {
            return unanswered(e);
        }
        int status = answer.getStatusCode();
        FcmDetails details = FcmDetails.of(answer.getContent());
        Optional<Duration> after = RetryAfter.of(answer, now);
        MessagingErrorCode code = e.getMessagingErrorCode();
        if (code == null) {
            return byStatus(status, details, after);
        }
        // With the service account of a wrong project every token is one of another: they all would be forgotten.
        boolean ours = code == MessagingErrorCode.SENDER_ID_MISMATCH && !accountProven;
        return ours ? new PushResult.Refused(code.name()) : byCode(code, details, after);
    }

    /** Nothing answered in time, whoever was the first to give up: the SDK or we. */
    static PushResult timeout() {
        return new PushResult.Later("TIMEOUT", Optional.empty(), false);
    }

    /** Something answered, with what nobody can read. */
    static PushResult unreadable() {
        return new PushResult.Later("UNREADABLE_ANSWER", Optional.empty(), false);
    }

    private static PushResult byCode(MessagingErrorCode code, FcmDetails details, Optional<Duration> after) {
        return switch (code) {
            case UNREGISTERED, SENDER_ID_MISMATCH -> new PushResult.DeadToken(code.name());
            case INVALID_ARGUMENT -> invalid(details);
            case QUOTA_EXCEEDED -> quota(details, after);
            // The credentials for APNs, which the Firebase console keeps: Android and web go on.
            case THIRD_PARTY_AUTH_ERROR, UNAVAILABLE, INTERNAL -> new PushResult.Later(code.name(), after, false);
        };
    }

    private static PushResult byStatus(int status, FcmDetails details, Optional<Duration> after) {
        return switch (status) {
            case 400 -> invalid(details);
            case 401 -> new PushResult.Later("UNAUTHENTICATED", after, true);
            case 403 -> new PushResult.Later("PERMISSION_DENIED", after, true);
            case 404 -> new PushResult.Later("NOT_FOUND", after, true);
            case 429 -> quota(details, after);
            case 500 -> new PushResult.Later("INTERNAL", after, false);
            case 503 -> new PushResult.Later("UNAVAILABLE", after, false);
            default -> otherStatus(status, after);
        };
    }

    private static PushResult otherStatus(int status, Optional<Duration> after) {
        if (status >= 200 && status < 300) {
            return unreadable();
        }
        boolean refused = status >= 400 && status < 500 && status != 408;
        return refused
                ? new PushResult.Refused("HTTP_" + status)
                : new PushResult.Later("HTTP_" + status, after, false);
    }

    private static PushResult invalid(FcmDetails details) {
        return details.badToken()
                ? new PushResult.DeadToken("INVALID_TOKEN")
                : new PushResult.Refused("INVALID_ARGUMENT");
    }

    private static PushResult quota(FcmDetails details, Optional<Duration> after) {
        return new PushResult.Later(
                details.oneDevice() ? "DEVICE_QUOTA_EXCEEDED" : "QUOTA_EXCEEDED",
                after.or(() -> Optional.of(QUOTA_DEFAULT)),
                !details.oneDevice());
    }

    private static PushResult unanswered(Throwable fault) {
        if (causes(fault).anyMatch(NoServiceAccountException.class::isInstance)) {
            return new PushResult.Later("NO_SERVICE_ACCOUNT", Optional.empty(), true);
        }
        // The authentication library marks its own faults with this, and the HTTP client none.
        if (causes(fault).anyMatch(Retryable.class::isInstance)) {
            return new PushResult.Later("NO_ACCESS_TOKEN", Optional.empty(), true);
        }
        if (causes(fault).anyMatch(FcmOutcome::notConnected)) {
            return new PushResult.Later("UNREACHABLE", Optional.empty(), true);
        }
        if (causes(fault).anyMatch(SocketTimeoutException.class::isInstance)) {
            return timeout();
        }
        return new PushResult.Later("CONNECTION", Optional.empty(), false);
    }

    private static boolean notConnected(Throwable cause) {
        return switch (cause) {
            case ConnectException _, ConnectTimeoutException _ -> true;
            case UnknownHostException _, NoRouteToHostException _, SSLException _ -> true;
            default -> false;
        };
    }

    private static Stream<Throwable> causes(Throwable fault) {
        return Stream.<Throwable>iterate(fault, Objects::nonNull, Throwable::getCause)
                .limit(MAX_CAUSES);
    }
}
