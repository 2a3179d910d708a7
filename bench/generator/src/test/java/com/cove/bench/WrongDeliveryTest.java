package com.cove.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nothing that a server delivers wrongly goes unseen: each is made once, to one member of three, early in a run. */
class WrongDeliveryTest {
    private static final int MEMBER = 1;
    private static final long SEQ = 45;

    @Test
    void aServerThatIsRightIsCounted() throws Exception {
        Outcome outcome = run((member, seq, message) -> List.of(message));

        assertThat(outcome.complaint()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.result().path("checked").asLong()).isGreaterThanOrEqualTo(16);
    }

    @Test
    void aMissingMessageIsNoticedByTheNext() throws Exception {
        assertThat(complaint(message -> Stream.of()))
                .isEqualTo("u2 got seq 46 of thread 1 where 45 was next: something is missing.");
    }

    @Test
    void aMissingLastMessageIsNoticedAtTheEnd() throws Exception {
        Outcome outcome = run((member, seq, message) -> member == MEMBER && seq >= SEQ ? List.of() : List.of(message));

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.complaint())
                .matches(
                        "Message \\d+ of thread 1 was acknowledged and did not reach 1 of 3 members; \\d+ messages are under way.");
    }

    @Test
    void aMessageThatComesTwiceIsNoticed() throws Exception {
        assertThat(complaint(message -> Stream.of(message, message)))
                .isEqualTo("u2 got seq 45 of thread 1 where 46 was next: it came twice.");
    }

    /** As where the server stored a repeated send twice. */
    @Test
    void aMessageThatComesAgainUnderAnotherSeqIsNoticed() throws Exception {
        assertThat(complaint(message -> Stream.of(message, message.replace("\"seq\":45", "\"seq\":46"))))
                .contains("u2 got message ");
    }

    @Test
    void twoMessagesInTheWrongOrderAreNoticed() throws Exception {
        String[] held = {""};
        Outcome outcome = run((member, seq, message) -> {
            if (member == MEMBER && seq == SEQ) {
                held[0] = message;
                return List.of();
            }
            return member == MEMBER && seq == SEQ + 1 ? List.of(message, held[0]) : List.of(message);
        });

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.complaint()).startsWith("u2 got seq 46 of thread 1 where 45 was next");
    }

    @Test
    void anotherContentIsNoticed() throws Exception {
        assertThat(complaint(message -> Stream.of(message.replace("lazy dog", "lazy cat"))))
                .startsWith("u2 got something else than a message that was sent");
    }

    @Test
    void theContentOfAnotherMessageIsNoticed() throws Exception {
        assertThat(complaint(message ->
                        Stream.of(message.replaceFirst("\"content\":\"\\d+ (.{90})", "\"content\":\"1 $1 "))))
                .startsWith("u2 got ");
    }

    @Test
    void aMessageOfAnotherThreadIsNoticed() throws Exception {
        assertThat(complaint(message -> Stream.of(message.replace("000000000001", "000000000002"))))
                .endsWith("of a thread that is not theirs.");
    }

    private interface Fault {
        Stream<String> of(String message);
    }

    /** What is said of a server that does this to one delivery. */
    private static String complaint(Fault fault) throws Exception {
        Outcome outcome = run((member, seq, message) ->
                member == MEMBER && seq == SEQ ? fault.of(message).toList() : List.of(message));
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.said()).doesNotContain("result");
        return outcome.complaint();
    }

    private static Outcome run(FakeServer.Deliveries deliveries) throws Exception {
        try (FakeServer server = new FakeServer(deliveries)) {
            return Outcome.of(
                    "threads",
                    "port=" + server.port(),
                    "threads=1",
                    "together=1",
                    "size=3",
                    "window=4",
                    "warmup=0.2",
                    "seconds=0.3",
                    "drain=1");
        }
    }
}
