package com.cove.db.row;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.json.Json;
import com.cove.model.message.Message;
import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireSizeTest {
    private static final int BYTES = 200_000;

    /** Texts of one character each, so that none takes more than is reckoned for it. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "<", ">", "&", "\"", "'", "\\", "\n", "\u0001", "é", "€", "😀"})
    void noPageIsLargerThanAllowedWhateverItsTextsAreMadeOf(String character) {
        List<Message> all = messages(200, character);
        for (int count = 1; count <= all.size(); count++) {
            List<Message> page = WireSize.messages(all.subList(0, count), BYTES);

            assertThat(Json.bytes(page).length).as("%d messages", count).isLessThanOrEqualTo(BYTES);
        }
    }

    /** However little is in it. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "<", "&", "😀"})
    void shortMessagesAreAllThere(String character) {
        List<Message> few = messages(5, character);

        assertThat(WireSize.messages(few, BYTES)).isEqualTo(few);
    }

    private static List<Message> messages(int count, String character) {
        UserId by = new UserId("somebody");
        UserProfile sender = new UserProfile(by, character.repeat(100), "https://example.com/" + "&".repeat(2_000));
        return IntStream.rangeClosed(1, count)
                .mapToObj(seq -> new Message(
                        new MessageId("m"),
                        new ThreadId("t"),
                        seq,
                        by,
                        character.repeat(1_000),
                        null,
                        Instant.EPOCH,
                        sender))
                .toList();
    }
}
