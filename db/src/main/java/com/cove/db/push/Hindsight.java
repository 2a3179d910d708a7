package com.cove.db.push;

import com.cove.db.news.MessagePlace;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** What was decided about a message, told from what is stored now: of most messages nothing else is kept. */
final class Hindsight {
    private static final Comparator<MessagePlace> ORDER_OF_CHANGES = Comparator.comparingLong(MessagePlace::storedIn)
            .thenComparing(place -> place.threadId().toString())
            .thenComparingLong(MessagePlace::seq);

    private Hindsight() {}

    /** @param decided up to where it was decided */
    static PushVerdict verdict(
            PushFacts facts, List<PushDevice> devices, MessagePlace decided, PushRules rules, Instant now) {
        if (facts.own()) {
            return PushVerdict.OWN;
        }
        PushState state = facts.state();
        if (state != null && state.seq() >= facts.seq()) {
            return ofPush(facts, state, devices, rules, now);
        }
        if (ORDER_OF_CHANGES.compare(facts.place(), decided) > 0) {
            return facts.lastReadSeq() >= facts.seq() ? PushVerdict.READ : PushVerdict.UNDECIDED;
        }
        return ofNoPush(facts, devices);
    }

    private static PushVerdict ofPush(
            PushFacts facts, PushState state, List<PushDevice> devices, PushRules rules, Instant now) {
        if (state.seq() > facts.seq()) {
            return PushVerdict.REPLACED;
        }
        if (state.nextAt() != null) {
            return facts.verdict(rules, !devices.isEmpty(), !devices.isEmpty(), now);
        }
        return Objects.requireNonNullElse(state.verdict(), PushVerdict.DUE);
    }

    /** It was not due. By now it may be read, whatever it was then. */
    private static PushVerdict ofNoPush(PushFacts facts, List<PushDevice> devices) {
        if (facts.mutedUntil() != null && facts.mutedUntil().isAfter(facts.storedAt())) {
            return PushVerdict.MUTED;
        }
        if (facts.reached()) {
            return PushVerdict.REACHED;
        }
        if (devices.stream().noneMatch(device -> device.registeredAt().isBefore(facts.storedAt()))) {
            return PushVerdict.NO_DEVICE;
        }
        return facts.lastReadSeq() >= facts.seq() ? PushVerdict.READ : PushVerdict.STALE;
    }
}
