package com.cove.db;

import static com.cove.db.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.db.sql.Transactions;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabaseExtension.class)
class TransactionsTest {
    private final TestDatabase test;
    private final Transactions transactions;

    TransactionsTest(TestDatabase test) {
        this.test = test;
        this.transactions = new Transactions(test.database().jdbi());
        test.execute(
                "CREATE TABLE counter (id int PRIMARY KEY, value int NOT NULL); INSERT INTO counter VALUES (1, 0), (2, 0)");
    }

    @Test
    void oneOfTwoThatDeadlockIsRepeated() throws Exception {
        CountDownLatch bothHoldOne = new CountDownLatch(2);
        AtomicInteger attempts = new AtomicInteger();
        List<Callable<Boolean>> tasks =
                List.of(() -> increment(1, 2, bothHoldOne, attempts), () -> increment(2, 1, bothHoldOne, attempts));
        assertThat(Conversation.atOnce(tasks)).containsOnly(true);
        assertThat(test.ask("SELECT string_agg(value::text, ',') FROM counter")).isEqualTo("2,2");
        // The one that repeats may be quicker than the one that waited, and then they deadlock once more.
        assertThat(attempts).hasValueGreaterThanOrEqualTo(3);
    }

    private Boolean increment(int first, int second, CountDownLatch bothHoldOne, AtomicInteger attempts) {
        return transactions.run(handle -> {
            attempts.incrementAndGet();
            handle.execute("UPDATE counter SET value = value + 1 WHERE id = ?", first);
            bothHoldOne.countDown();
            await(bothHoldOne);
            handle.execute("UPDATE counter SET value = value + 1 WHERE id = ?", second);
            return true;
        });
    }

    @Test
    void whatKeepsFailingIsUnavailableAfterThreeAttempts() {
        AtomicInteger attempts = new AtomicInteger();
        failsWith(
                ErrorCode.UNAVAILABLE,
                () -> transactions.run(handle -> {
                    attempts.incrementAndGet();
                    return handle.execute("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$");
                }));
        assertThat(attempts).hasValue(3);
    }

    @Test
    void aUseCaseThatThrowsLeavesNothingBehind() {
        assertThatThrownBy(() -> transactions.run(handle -> {
                    handle.execute("UPDATE counter SET value = 7");
                    throw AppException.notFound("Thread");
                }))
                .isInstanceOf(AppException.class);
        assertThat(test.ask("SELECT max(value) FROM counter")).isEqualTo("0");
    }

    @Test
    void aSnapshotSeesOneMomentAndCannotWrite() {
        List<Integer> sums = transactions.snapshot(handle -> {
            String sum = "SELECT sum(value) FROM counter";
            int before = handle.createQuery(sum).mapTo(Integer.class).one();
            test.execute("UPDATE counter SET value = 7");
            return List.of(before, handle.createQuery(sum).mapTo(Integer.class).one());
        });
        assertThat(sums).containsExactly(0, 0);
        failsWith(
                ErrorCode.UNAVAILABLE,
                () -> transactions.snapshot(handle -> handle.execute("UPDATE counter SET value = 8")));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
