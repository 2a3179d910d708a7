package com.cove.db.message;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Commits sends together, and decides what each of them is to be told. */
record BatchCommit(MessageStore store, LongSupplier clock) {

    /**
     * Stores those whose turn came in time.
     *
     * @return false where the database failed some of them
     */
    boolean commit(List<WaitingSend> batch) {
        long now = clock.getAsLong();
        List<WaitingSend> inTime = new ArrayList<>(batch.size());
        for (WaitingSend each : batch) {
            if (each.isLate(now)) {
                each.refuse(WaitingSend.tooLate());
            } else {
                inTime.add(each);
            }
        }
        return inTime.isEmpty() || store(inTime);
    }

    private boolean store(List<WaitingSend> batch) {
        try {
            List<SendResult> results =
                    store.sendAll(batch.stream().map(WaitingSend::send).toList());
            for (int i = 0; i < results.size(); i++) {
                batch.get(i).settle(results.get(i));
            }
            return results.stream().noneMatch(BatchCommit::isUnavailable);
        } catch (AppException e) {
            batch.forEach(each -> each.refuse(e));
            return false;
        } catch (RuntimeException | Error e) {
            apart(batch, e);
            return true;
        }
    }

    private static boolean isUnavailable(SendResult result) {
        return result instanceof SendResult.Refused(AppException why) && why.code() == ErrorCode.UNAVAILABLE;
    }

    /** Something is wrong with one of them: nothing was stored, and each is tried by itself. */
    private void apart(List<WaitingSend> batch, Throwable fault) {
        if (batch.size() == 1) {
            batch.getFirst().refuse(fault);
        } else {
            // They take a transaction each: nobody waits to be told until the last of them is over.
            for (WaitingSend each : batch) {
                commit(List.of(each));
                each.tell();
            }
        }
    }
}
