package com.cove.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.firebase.FirebaseApp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class LazyAppTest {
    private final List<FirebaseApp> opened = new ArrayList<>();
    private final List<FirebaseApp> closed = new ArrayList<>();
    private final LazyApp lazy = new LazyApp(this::open, closed::add);

    private FirebaseApp open() {
        GoogleCredentials nobodys = GoogleCredentials.create(
                new AccessToken("none", Date.from(Instant.now().plusSeconds(60))));
        FirebaseApp app = FirebaseApps.open(new FirebaseAuthConfig("lazy", null, false), nobodys, null);
        opened.add(app);
        return app;
    }

    @Test
    void isOpenedOnceAndNotBeforeItIsAskedFor() {
        assertThat(opened).isEmpty();
        assertThat(lazy.get()).isSameAs(lazy.get());
        lazy.close();
        assertThat(opened).hasSize(1).isEqualTo(closed);
    }

    @Test
    void isClosedOnceAndNeverOpenedAgain() {
        FirebaseApp app = lazy.get();
        lazy.close();
        lazy.close();
        assertThat(closed).containsExactly(app);
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(lazy::get);
    }

    @Test
    void ofOneThatNobodyAskedForNothingIsLeft() {
        lazy.close();
        assertThat(closed).isEmpty();
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(lazy::get);
        assertThat(opened).isEmpty();
    }
}
