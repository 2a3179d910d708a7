package com.cove.socket.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.model.error.AppException;
import com.cove.model.event.Change;
import com.cove.model.hook.Delivery;
import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one node tells another. */
class HintTest {
    private static final ThreadId THREAD = new ThreadId("t \"{}😀\u2028<&>");
    private static final UserId ADA = new UserId("ada\\\"\u2029😀");
    /** No JSON at all between its braces: nobody reads it on the way. */
    private static final String PAYLOAD = "{\"content\": not JSON,\n\n😀\u2028 \\\"}";

    static List<Change> changes() {
        return List.of(
                new Change.Message(THREAD, ADA, 7, PAYLOAD, 101),
                new Change.Message(THREAD, ADA, Long.MAX_VALUE, "{}", Long.MAX_VALUE),
                new Change.Reading(THREAD, ADA, new MessageId("m😀"), 3, "{\u2028 ,\"lastReadSeq\":3}", 102),
                new Change.Beginning(THREAD, PAYLOAD, 103));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void itComesOutAsItWentIn(Change change) {
        for (List<UserId> recipients : List.of(List.<UserId>of(), List.of(ADA, new UserId("bob")))) {
            Delivery delivery = new Delivery(recipients, change);
            String hint = Hint.write(delivery);

            assertThat(Hint.read(hint)).isEqualTo(delivery);
            assertThat(Hint.thread(hint)).isEqualTo(THREAD.value());
            assertThat(hint).endsWith("\n" + change.payload());
        }
    }

    /** So that those below are refused for what they say. */
    @Test
    void thisIsOne() {
        assertThat(Hint.read("t\n{\"event\":\"new_message\",\"user\":\"a\",\"seq\":1,\"transaction\":1}\na\tb\n{}")
                        .recipients())
                .containsExactly(new UserId("a"), new UserId("b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "t",
                "\n",
                "t\n",
                "t\n\n",
                "t\n{}\n\n{}",
                "t\n[]\n\n{}",
                "t\nnull\n\n{}",
                "t\n{\"event\":\"new_message\",\"user\":\"a\",\"seq\":1,\"transaction\":1}\n",
                "t\n{\"event\":\"new_message\",\"user\":\"a\",\"seq\":1,\"transaction\":1}\n\n",
                "t\n{\"event\":\"new_message\",\"user\":\"a\",\"seq\":1,\"transaction\":1}\n\n[]",
                "t\n{\"event\":\"new_message\",\"user\":\"a\",\"seq\":1,\"transaction\":1}x\n\n{}",
                "\n{\"event\":\"new_message\",\"user\":\"a\",\"seq\":1,\"transaction\":1}\n\n{}",
                "t\n{\"event\":\"new_message\",\"user\":\"a\",\"seq\":0,\"transaction\":1}\n\n{}",
                "t\n{\"event\":\"new_message\",\"user\":\"a\",\"seq\":1.5,\"transaction\":1}\n\n{}",
                "t\n{\"event\":\"new_message\",\"user\":\"a\",\"transaction\":1}\n\n{}",
                "t\n{\"event\":\"new_message\",\"seq\":1,\"transaction\":1}\n\n{}",
                "t\n{\"event\":\"new_message\",\"user\":\"\",\"seq\":1,\"transaction\":1}\n\n{}",
                "t\n{\"event\":\"new_message\",\"user\":\"a\",\"seq\":1}\n\n{}",
                "t\n{\"event\":\"new_message\",\"user\":\"a\",\"seq\":1,\"transaction\":\"1\"}\n\n{}",
                "t\n{\"event\":\"new_message\",\"user\":\"a\",\"seq\":1,\"transaction\":1}\n{}",
                "t\n{\"event\":\"new_message\",\"user\":\"a\",\"seq\":1,\"transaction\":1}\n\t\n{}",
                "t\n{\"event\":\"new_message\",\"user\":\"a\",\"seq\":1,\"transaction\":1}\na\t\n{}",
                "t\n{\"event\":\"new_message\",\"user\":\"a\",\"seq\":1,\"transaction\":1}\n\ta\n{}",
                "t\n{\"event\":\"new_message\",\"user\":\"a\",\"seq\":1,\"transaction\":1}\na\tb\u0001\n{}",
                "t\n{\"event\":\"new_message\",\"user\":\"a\",\"seq\":1,\"transaction\":1}\n\ud800\n{}",
                "t\n{\"event\":\"user_online\",\"user\":\"a\",\"seq\":1,\"transaction\":1}\n\n{}",
                "t\n{\"user\":\"a\",\"seq\":1,\"transaction\":1}\n\n{}",
                "t\n{\"event\":\"message_read\",\"user\":\"a\",\"seq\":1,\"transaction\":1}\n\n{,\"lastReadSeq\":1}",
                "t\n{\"event\":\"message_read\",\"user\":\"a\",\"message\":\"m\",\"seq\":1,\"transaction\":1}\n\n{}",
                "t\n{\"event\":\"thread_created\",\"transaction\":1}\n\n"
            })
    void whatIsNoHintIsRefused(String hint) {
        assertThatThrownBy(() -> Hint.read(hint)).isInstanceOf(AppException.class);
    }
}
