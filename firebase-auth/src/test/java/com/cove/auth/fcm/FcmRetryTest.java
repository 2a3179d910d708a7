package com.cove.auth.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.auth.FirebaseApps;
import com.cove.auth.FirebaseAuthConfig;
import com.cove.model.push.Push;
import com.cove.model.thread.ThreadId;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.firebase.internal.ApacheHttp2Transport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A send is one attempt: when to try again is the caller's business, who has other pushes to send meanwhile. */
class FcmRetryTest {
    private static final Push PUSH = new Push.Withdrawal(new ThreadId("t"), 1, 0);
    private static final FcmConfig CONFIG = new FcmConfig(false, "chat", Optional.empty(), Duration.ofHours(2));

    private final FakeFcm fcm = FakeFcm.start();

    @AfterEach
    void close() {
        fcm.close();
    }

    @Test
    void nothingIsTriedTwice() {
        try (FcmClient client = fcm.client()) {
            client.send("warm", PUSH);
            for (FakeFcmAnswer failure : new FakeFcmAnswer[] {
                FakeFcmAnswer.unavailable(),
                FakeFcmAnswer.unavailable().withRetryAfter("0"),
                FakeFcmAnswer.unavailable().withRetryAfter("1"),
                FakeFcmAnswer.unavailable().withRetryAfter("Fri, 01 Jan 2100 00:00:00 GMT"),
                FakeFcmAnswer.quotaExceeded().withRetryAfter("1"),
                FakeFcmAnswer.internal(),
                FakeFcmAnswer.reset(),
                FakeFcmAnswer.close()
            }) {
                int before = fcm.requests("t");
                fcm.script("t", failure);

                assertThat(client.send("t", PUSH)).isInstanceOf(PushResult.Later.class);
                assertThat(fcm.requests("t") - before).as("%s", failure).isEqualTo(1);
            }
        }
    }

    @Test
    void whatFcmSaysInOurHeaderIsNotBelieved() {
        fcm.script("t", FakeFcmAnswer.unavailable().with(FcmTransport.RETRY_AFTER, "30"));
        try (FcmClient client = fcm.client()) {
            assertThat(client.send("t", PUSH)).isEqualTo(new PushResult.Later("UNAVAILABLE", Optional.empty(), false));
        }
    }

    /** When this fails, the SDK has learnt not to retry, and what {@link FcmTransport} does about 503 can go. */
    @Test
    void leftToItselfTheSdkTriesAgain() {
        fcm.script("t", FakeFcmAnswer.unavailable());
        ApacheHttp2Transport bare = new ApacheHttp2Transport(
                FcmTransport.client(FakeFcmCertificate.get().trusting(), fcm.address())
                        .build());
        GoogleCredentials credentials = GoogleCredentials.create(
                new AccessToken(FakeFcm.ACCESS_TOKEN, Date.from(Instant.now().plusSeconds(3_600))));
        try (FcmClient client = new FcmClient(
                () -> FirebaseApps.open(
                        new FirebaseAuthConfig(FakeFcm.PROJECT, null, false), credentials, bare, FcmClient.PATIENCE),
                CONFIG,
                Clock.systemUTC(),
                FcmClient.PATIENCE)) {
            assertThat(client.send("t", PUSH)).isEqualTo(new PushResult.Accepted());
            assertThat(fcm.requests("t")).isEqualTo(2);
        }
    }
}
