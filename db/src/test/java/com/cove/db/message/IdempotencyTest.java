package com.cove.db.message;

import static com.cove.db.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.Conversation;
import com.cove.db.Database;
import com.cove.db.DatabaseConfig;
import com.cove.db.Relay;
import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.message.ClientMessageId;
import com.cove.model.message.Message;
import com.cove.model.message.SendMessage;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One {@code clientMessageId}, one message: through either door, on any node, at once or a year later. */
@ExtendWith(TestDatabaseExtension.class)
class IdempotencyTest {
    private static final int ROUNDS = 60;

    private final TestDatabase test;
    private final UserId ann;
    private final UserId bob;
    private final ThreadId thread;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    IdempotencyTest(TestDatabase test) {
        this.test = test;
        this.ann = test.user("ann");
        this.bob = test.user("bob");
        this.thread = Conversation.direct(test, ann, bob).id();
    }

    @AfterEach
    void stop() {
        executor.close();
    }

    /** What became of a send; empty for a {@code conflict}. */
    private record Told(String content, Optional<SendOutcome> outcome) {}

    /** Sockets of two nodes and two Lambdas, four times each, half of them with another content. */
    @Test
    void racedThroughBothDoorsOnTwoNodesItIsOneMessage() throws Exception {
        try (Database secondNode = Database.open(test.config());
                Database lambda = Database.open(test.config().withPoolSize(2))) {
            GroupCommit one = group(test.database());
            GroupCommit two = group(secondNode);
            List<BiFunction<UserId, SendMessage, SendOutcome>> doors =
                    List.of(one::send, two::send, test.database().messages()::send, lambda.messages()::send);
            for (int round = 0; round < ROUNDS; round++) {
                ClientMessageId id = new ClientMessageId("round-" + round);
                List<Callable<Told>> senders = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    var door = doors.get(i % doors.size());
                    String content = i / doors.size() % 2 == 0 ? "one content" : "another";
                    senders.add(() -> send(door, id, content));
                }

                judge(Conversation.atOnce(senders), round + 1);
            }
        }
        assertThat(test.ask("SELECT count(*) FROM message")).isEqualTo(Integer.toString(ROUNDS));
    }

    private Told send(BiFunction<UserId, SendMessage, SendOutcome> door, ClientMessageId id, String content) {
        try {
            return new Told(content, Optional.of(door.apply(ann, new SendMessage(thread, content, id))));
        } catch (AppException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
            return new Told(content, Optional.empty());
        }
    }

    /** Whoever was first decides the content; all who sent that got its message, one of them as a new one. */
    private static void judge(List<Told> told, int seq) {
        List<SendOutcome> outcomes =
                told.stream().flatMap(each -> each.outcome().stream()).toList();
        Message message = outcomes.getFirst().message();
        assertThat(message.seq()).isEqualTo(seq);
        assertThat(outcomes).extracting(SendOutcome::message).containsOnly(message);
        assertThat(outcomes).filteredOn(SendOutcome::stored).hasSize(1);
        assertThat(told)
                .allSatisfy(each -> assertThat(each.outcome().isPresent())
                        .isEqualTo(each.content().equals(message.content())));
    }

    /** Nothing forgets it. */
    @Test
    void aYearLaterItIsTheSameMessage() {
        ClientMessageId id = new ClientMessageId("of-last-year");
        Message first = test.database()
                .messages()
                .send(ann, new SendMessage(thread, "hello", id))
                .message();
        test.execute("UPDATE message SET created_at = created_at - interval '1 year';"
                + " UPDATE thread SET created_at = created_at - interval '1 year'");
        IntStream.range(0, 300).forEach(i -> Conversation.send(test, bob, thread, "since then " + i));

        for (BiFunction<UserId, SendMessage, SendOutcome> door : List.<BiFunction<UserId, SendMessage, SendOutcome>>of(
                group(test.database())::send, test.database().messages()::send)) {
            SendOutcome again = door.apply(ann, new SendMessage(thread, "hello", id));
            assertThat(again.stored()).isFalse();
            assertThat(again.message().id()).isEqualTo(first.id());
            assertThat(again.message().seq()).isEqualTo(1);
            failsWith(ErrorCode.CONFLICT, () -> door.apply(ann, new SendMessage(thread, "other", id)));
        }
        assertThat(test.ask("SELECT last_seq FROM thread")).isEqualTo("301");
    }

    /** The connection ends after PostgreSQL committed and before it could say so: nobody here can know. */
    @Test
    void aCommitWhoseAnswerIsLostIsUnavailableAndFoundByTheRetry() throws Exception {
        ClientMessageId id = new ClientMessageId("unknown");
        try (Relay relay = new Relay(port());
                Database cut = Database.open(through(relay))) {
            for (BiFunction<UserId, SendMessage, SendOutcome> door :
                    List.<BiFunction<UserId, SendMessage, SendOutcome>>of(group(cut)::send, cut.messages()::send)) {
                test.execute("DELETE FROM message");
                SendMessage request = new SendMessage(thread, "hello", id);
                relay.loseCommitAfter("hello");

                failsWith(ErrorCode.UNAVAILABLE, () -> door.apply(ann, request));

                assertThat(relay.lost()).isTrue();
                assertThat(test.ask("SELECT count(*) FROM message"))
                        .as("it is committed")
                        .isEqualTo("1");
                SendOutcome retry = door.apply(ann, request);
                assertThat(retry.stored()).isFalse();
                assertThat(retry.message().id().value()).isEqualTo(test.ask("SELECT id FROM message"));
                failsWith(ErrorCode.CONFLICT, () -> door.apply(ann, new SendMessage(thread, "other", id)));
            }
        }
    }

    /** All who shared the transaction are in the same doubt, and all find theirs. */
    @Test
    void aBatchWhoseAnswerIsLostIsFoundMessageByMessage() throws Exception {
        try (Relay relay = new Relay(port());
                Database cut = Database.open(through(relay))) {
            List<Send> batch = IntStream.range(0, 50)
                    .mapToObj(i -> new Send(
                            i % 2 == 0 ? ann : bob,
                            new SendMessage(thread, "message " + i, new ClientMessageId("m" + i))))
                    .toList();
            relay.loseCommitAfter("message 0");

            failsWith(ErrorCode.UNAVAILABLE, () -> cut.messages().sendAll(batch));

            assertThat(test.ask("SELECT count(*) FROM message")).isEqualTo("50");
            assertThat(cut.messages().sendAll(batch)).allSatisfy(result -> {
                assertThat(result.outcomeOrThrow().stored()).isFalse();
                assertThat(result.outcomeOrThrow().message().content())
                        .isEqualTo(
                                "message " + (result.outcomeOrThrow().message().seq() - 1));
            });
            assertThat(test.ask("SELECT count(*) FROM message")).isEqualTo("50");
        }
    }

    private int port() {
        return URI.create(test.url()).getPort();
    }

    private DatabaseConfig through(Relay relay) throws IOException {
        return DatabaseConfig.of(test.url().replace(":" + port() + "/", ":" + relay.port() + "/"))
                .withPoolSize(2);
    }

    private GroupCommit group(Database node) {
        return new GroupCommit(
                node.messages(),
                executor,
                (task, delay) -> CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS)
                        .execute(task),
                new GroupCommit.Limits(4, Duration.ofMillis(1), 1_000, Duration.ofSeconds(30)));
    }
}
