package com.cove.db.read;

import com.cove.db.read.ReadDao.Reading;
import com.cove.db.read.ReadDao.Recorded;
import com.cove.db.sql.Transactions;
import com.cove.model.error.AppException;
import com.cove.model.read.MarkRead;
import com.cove.model.read.ReadReceipt;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Who has read what. */
public final class ReadStore {
    private final Transactions transactions;

    public ReadStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Marks a message, and with it all before it in its thread, as read. The watermark never goes back; a mark that is
     * no news writes nothing.
     *
     * @throws AppException {@code not_found} where the reader is not in the message's thread
     */
    public ReadOutcome mark(UserId reader, MarkRead request) {
        UUID message = request.messageId().uuid().orElseThrow(ReadStore::notFound);
        return transactions.run(handle -> {
            ReadDao dao = new ReadDao(handle);
            Reading before = dao.reading(message, reader.value()).orElseThrow(ReadStore::notFound);
            if (before.readAt() != null) {
                return outcome(reader, request, before, Optional.empty());
            }
            // The record first: of two marks of one message at once the second waits here and finds nothing to do,
            // since
            // record and watermark are committed together.
            Optional<Recorded> recorded = dao.record(message, before.threadId(), reader.value());
            recorded.ifPresent(made -> dao.advance(before.threadId(), reader.value(), before.seq(), made.at()));
            // Read again: where another mark came between, its time and its watermark are the ones that hold.
            Reading now = dao.reading(message, reader.value()).orElseThrow();
            return outcome(reader, request, now, recorded);
        });
    }

    private static ReadOutcome outcome(UserId reader, MarkRead request, Reading reading, Optional<Recorded> recorded) {
        ReadReceipt receipt = new ReadReceipt(
                request.messageId(), ThreadId.of(reading.threadId()), reader, Objects.requireNonNull(reading.readAt()));
        return new ReadOutcome(
                receipt,
                reading.lastReadSeq(),
                recorded.isPresent(),
                reading.memberIds(),
                recorded.map(Recorded::storedIn).orElse(0L));
    }

    private static AppException notFound() {
        return AppException.notFound("Message");
    }
}
