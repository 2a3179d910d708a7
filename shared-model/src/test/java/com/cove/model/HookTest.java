package com.cove.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.model.error.AppException;
import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.hook.Delivery;
import com.cove.model.hook.HookSignature;
import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the internal hook. */
class HookTest {
    private static final Instant NOW = Instant.parse("2026-11-22T09:30:00Z");
    private static final String KEY = "the first of our keys";
    private static final String NEXT_KEY = "the next of our keys";

    @Test
    void aDeliveryComesOutAsItWentIn() {
        Delivery delivery = new Delivery(
                List.of(new UserId("ada"), new UserId("bob")),
                Change.of(
                        new MessageRead(new MessageId("m"), new ThreadId("t"), new UserId("bob"), NOW, 7),
                        Long.MAX_VALUE));

        assertThat(Delivery.fromJson(delivery.toJson())).isEqualTo(delivery);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"recipients\":null,\"event\":\"new_message\",\"payload\":{}}",
                "{\"recipients\":[\"a\"],\"event\":\"send_message\",\"payload\":{}}",
                "{\"recipients\":[\"a\"],\"event\":\"message_read\"}",
                "{\"recipients\":[\"a\"],\"event\":\"new_message\",\"payload\":{}}",
                "{\"recipients\":[\"a\"],\"event\":\"thread_created\",\"payload\":{}}",
                "{\"recipients\":[\"a\"],\"event\":\"user_online\",\"payload\":{\"userId\":\"b\",\"online\":true},\"transaction\":1}",
                "{\"recipients\":[\"a\"],\"event\":\"message_read\",\"payload\":{\"messageId\":\"m\",\"threadId\":\"t\",\"userId\":\"u\",\"lastReadSeq\":1}}",
                "{\"recipients\":[null],\"event\":\"message_read\",\"payload\":{}}"
            })
    void whatIsNoDeliveryIsRefused(String json) {
        assertThatThrownBy(() -> Delivery.fromJson(json)).isInstanceOf(AppException.class);
    }

    @Test
    void theSignatureHoldsForTheBodyAMinuteLong() {
        String header = signer(NOW, KEY).sign("body");

        assertThat(signer(NOW, KEY).accepts(header, "body")).isTrue();
        assertThat(signer(NOW.plusSeconds(60), KEY).accepts(header, "body")).isTrue();
        assertThat(signer(NOW.plusSeconds(61), KEY).accepts(header, "body")).isFalse();
        assertThat(signer(NOW.minusSeconds(61), KEY).accepts(header, "body")).isFalse();
        assertThat(signer(NOW, KEY).accepts(header, "Body")).isFalse();
        assertThat(signer(NOW, NEXT_KEY).accepts(header, "body")).isFalse();
        assertThat(Duration.ofMinutes(1)).isEqualTo(HookSignature.WINDOW);
    }

    @Test
    void whileAKeyIsRotatedBothAreAccepted() {
        HookSignature rotating = signer(NOW, NEXT_KEY, KEY);

        assertThat(rotating.accepts(signer(NOW, KEY).sign("body"), "body")).isTrue();
        assertThat(rotating.accepts(signer(NOW, NEXT_KEY).sign("body"), "body")).isTrue();
        assertThat(signer(NOW, NEXT_KEY).accepts(rotating.sign("body"), "body")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "t=",
                "t=1",
                "t=,v1=",
                "v1=00",
                "t=x,v1=00",
                "t=1,v1=zz",
                "t=99999999999999999999,v1=00",
                "t=9223372036854775807,v1=00"
            })
    void anotherHeaderIsNoSignature(String header) {
        assertThat(signer(NOW, KEY).accepts(header, "body")).isFalse();
    }

    @Test
    void aShortSecretIsRefused() {
        assertThatThrownBy(() -> signer(NOW, "short")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> signer(NOW)).isInstanceOf(IllegalArgumentException.class);
    }

    private static HookSignature signer(Instant now, String... keys) {
        return new HookSignature(List.of(keys), Clock.fixed(now, ZoneOffset.UTC));
    }
}
