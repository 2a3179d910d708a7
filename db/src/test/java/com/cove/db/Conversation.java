package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.message.SendOutcome;
import com.cove.db.news.NewsStore;
import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.NewMessage;
import com.cove.model.json.Json;
import com.cove.model.message.ClientMessageId;
import com.cove.model.message.Message;
import com.cove.model.message.SendMessage;
import com.cove.model.thread.ChatThread;
import com.cove.model.thread.CreateThread;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Short words for what tests of stores do all the time. */
public final class Conversation {
    private Conversation() {}

    /** The direct thread of two people. */
    public static ChatThread direct(TestDatabase test, UserId caller, UserId other) {
        return test.database()
                .threads()
                .create(caller, new CreateThread(List.of(other), null))
                .thread();
    }

    /** A new group. */
    public static ChatThread group(TestDatabase test, UserId caller, UserId... others) {
        return test.database()
                .threads()
                .create(caller, new CreateThread(List.of(others), "A group"))
                .thread();
    }

    public static SendOutcome send(TestDatabase test, UserId sender, ThreadId thread, String content) {
        return send(test, sender, thread, content, null);
    }

    public static SendOutcome send(
            TestDatabase test, UserId sender, ThreadId thread, String content, @Nullable String clientMessageId) {
        ClientMessageId id = clientMessageId == null ? null : new ClientMessageId(clientMessageId);
        return test.database().messages().send(sender, new SendMessage(thread, content, id));
    }

    /** All messages of a thread, by seq. */
    public static List<Message> messages(Database database, ThreadId thread) {
        List<Message> messages = new ArrayList<>();
        List<Change.Message> page;
        do {
            page = database.news().range(thread, messages.size() + 1L, Long.MAX_VALUE - 1);
            page.forEach(change -> messages.add(message(change)));
        } while (page.size() == NewsStore.PAGE);
        return messages;
    }

    /** The message of a change. */
    public static Message message(Change.Message change) {
        return Json.read(change.payload(), NewMessage.class).message();
    }

    /** How many statements wait for somebody's lock. */
    public static int waitingForALock(TestDatabase test) {
        return Integer.parseInt(test.ask("SELECT count(*) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND wait_event_type = 'Lock'"));
    }

    /** Waits until it is so. */
    public static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the condition within 10 s").isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Runs all tasks at the same moment, each on a thread of its own, and waits for their results. */
    public static <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
        CyclicBarrier start = new CyclicBarrier(tasks.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> running = new ArrayList<>();
            for (Callable<T> task : tasks) {
                running.add(threads.submit(() -> {
                    start.await(10, TimeUnit.SECONDS);
                    return task.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> each : running) {
                results.add(each.get(30, TimeUnit.SECONDS));
            }
            return results;
        }
    }
}
