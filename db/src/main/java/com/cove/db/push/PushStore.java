package com.cove.db.push;

import com.cove.db.history.Horizon;
import com.cove.db.news.MessagePlace;
import com.cove.db.push.PushDao.Progress;
import com.cove.db.sql.Transactions;
import com.cove.model.json.Json;
import com.cove.model.message.MessageId;
import com.cove.model.user.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Who is due a push, and what became of it. Nothing here follows from an event: every decision is taken, again where need be,
 * from what is stored.
 */
public final class PushStore {
    /** Messages decided about in one transaction. */
    public static final int PAGE = 2_000;

    private static final int READINGS = 5_000;
    /** A node that has not reported for this long is gone, and whom it reached with it. */
    private static final Duration NODE_LIVES = Duration.ofSeconds(10);

    private static final Duration NODE_FORGOTTEN = Duration.ofHours(1);
    private static final UUID FIRST = new UUID(0, 0);

    private final Transactions transactions;

    public PushStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * What was decided.
     *
     * @param due pushes that became due, or were raised to a newer message
     * @param more whether there was more than fits in one transaction: call again
     */
    public record Decided(int due, boolean more) {
        static final Decided NOTHING = new Decided(0, false);
    }

    /**
     * Decides about messages whose grace is over, each once, in the order of changes; and has notifications looked at again whose
     * messages were read. Where another node is deciding, it does nothing.
     *
     * @param limit messages at most; fewer where so many cannot be decided about in time
     */
    public Decided decide(PushRules rules, int limit, Instant now) {
        if (!transactions.single(handle -> new PushDao(handle).isBehind())) {
            return Decided.NOTHING;
        }
        return transactions.run(handle -> {
            PushDao dao = new PushDao(handle);
            return dao.mayDecide() ? decide(handle, dao, rules, limit, now) : Decided.NOTHING;
        });
    }

    private static Decided decide(Handle handle, PushDao dao, PushRules rules, int limit, Instant now) {
        Horizon horizon = Horizon.of(handle);
        Progress progress = dao.progress();
        if (progress.storedIn() > horizon.nextUnassigned()) {
            startAnew(handle, dao, horizon);
            return Decided.NOTHING;
        }
        if (progress.storedIn() < horizon.oldestRunning()) {
            dao.note(Long.toString(horizon.oldestRunning()), now);
        }
        long readIn = read(dao, progress.readIn(), horizon.oldestRunning(), now);
        Optional<Long> before = dao.decidable(
                now.minus(rules.grace()), now.minus(rules.grace()).minus(rules.patience()), now.minus(NODE_LIVES));
        MessagePlace place = progress.place();
        List<MessagePlace> page = before.map(until -> dao.messages(
                        Long.toString(place.storedIn()), place.threadId(), place.seq(), Long.toString(until), limit))
                .orElse(List.of());
        int due = page.isEmpty() ? 0 : decide(dao, page, rules, now);
        boolean more = page.size() == limit;
        MessagePlace next = more
                ? page.getLast()
                : before.map(until -> new MessagePlace(until, FIRST, 0)).orElse(place);
        if (!next.equals(place) || readIn != progress.readIn()) {
            dao.advance(Long.toString(next.storedIn()), next.threadId(), next.seq(), Long.toString(readIn));
            // All of this moment is decided once the next one's messages are.
            dao.forgetMoments(Long.toString(more ? place.storedIn() : next.storedIn()));
        }
        return new Decided(due, more || readIn < horizon.oldestRunning());
    }

    /** Has notifications looked at again of those who read, of some thousand readings at most; up to where that is done. */
    private static long read(PushDao dao, long since, long until, Instant now) {
        if (since >= until) {
            return since;
        }
        long end = dao.reading(Long.toString(since), Long.toString(until), READINGS)
                .map(last -> Math.max(last, since + 1))
                .orElse(until);
        dao.read(Long.toString(since), Long.toString(end), now);
        return end;
    }

    private static int decide(PushDao dao, List<MessagePlace> page, PushRules rules, Instant now) {
        Map<UUID, Long> newest = new HashMap<>();
        page.forEach(message -> newest.merge(message.threadId(), message.seq(), Math::max));
        UUID[] threads = newest.keySet().toArray(UUID[]::new);
        Long[] seqs = List.of(threads).stream().map(newest::get).toArray(Long[]::new);
        int due = dao.decide(threads, seqs, now.minus(rules.stale()), now);
        dao.answered(
                page.stream().map(MessagePlace::threadId).toArray(UUID[]::new),
                page.stream().map(MessagePlace::seq).toArray(Long[]::new),
                now);
        return due;
    }

    /** The database was restored to a time before: what was noted is of transactions that are yet to come. */
    private static void startAnew(Handle handle, PushDao dao, Horizon horizon) {
        ReachDao reach = new ReachDao(handle);
        reach.forgetReach(Long.toString(horizon.nextUnassigned()));
        reach.forgetNodes();
        dao.forgetMoments(Long.toString(Long.MAX_VALUE));
        String here = Long.toString(horizon.oldestRunning());
        dao.advance(here, FIRST, 0, here);
    }

    /**
     * What was claimed.
     *
     * @param due to be sent
     * @param settled how many were not due any more, by why
     */
    public record Claimed(List<DuePush> due, Map<PushVerdict, Integer> settled) {
        static final Claimed NOTHING = new Claimed(List.of(), Map.of());

        public Claimed {
            due = List.copyOf(due);
            settled = Map.copyOf(settled);
        }

        /** How many it took, to be sent or not. */
        public int size() {
            return due.size()
                    + settled.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /**
     * Takes pushes that are to be sent now, for nobody else until the lease ends. Those that are not due any more are settled
     * instead.
     *
     * @param limit at most so many are taken or settled
     */
    public Claimed claim(int limit, Duration lease, PushRules rules, Instant now) {
        if (!transactions.single(handle -> new PushDao(handle).anyFree(now))) {
            return Claimed.NOTHING;
        }
        UUID id = UUID.randomUUID();
        return transactions.run(handle -> {
            PushDao dao = new PushDao(handle);
            return dao.lease(id, now.plus(lease), now, limit) == 0 ? Claimed.NOTHING : claim(dao, id, rules, now);
        });
    }

    private static Claimed claim(PushDao dao, UUID lease, PushRules rules, Instant now) {
        List<PushFacts> leased = dao.leased(lease);
        Map<UserId, List<PushDevice>> devices =
                dao.devices(ids(leased.stream().map(PushFacts::user).distinct().toList())).stream()
                        .collect(Collectors.groupingBy(PushDevice::user));
        Map<PushFacts, List<PushDevice>> due = new LinkedHashMap<>();
        Map<PushFacts, List<PushDevice>> withdrawn = new LinkedHashMap<>();
        Map<PushFacts, PushVerdict> settled = new HashMap<>();
        for (PushFacts facts : leased) {
            List<PushDevice> all = devices.getOrDefault(facts.user(), List.of());
            List<PushDevice> lacking = lacking(facts, all);
            PushVerdict verdict = facts.verdict(rules, !all.isEmpty(), !lacking.isEmpty(), now);
            switch (verdict) {
                case DUE -> due.put(facts, lacking);
                case WITHDRAW -> withdrawn.put(facts, all);
                default -> settled.put(facts, verdict);
            }
        }
        settle(dao, lease, settled);
        Map<PushVerdict, Integer> counted = new EnumMap<>(PushVerdict.class);
        settled.values().forEach(verdict -> counted.merge(verdict, 1, Integer::sum));
        List<DuePush> claimed = new ArrayList<>(due(dao, lease, due, false));
        claimed.addAll(due(dao, lease, withdrawn, true));
        return new Claimed(claimed, counted);
    }

    private static List<PushDevice> lacking(PushFacts facts, List<PushDevice> devices) {
        PushState state = facts.state();
        List<String> some = state == null ? null : state.lacking();
        return devices.stream()
                .filter(device -> some == null || some.contains(device.device()))
                .toList();
    }

    private static void settle(PushDao dao, UUID lease, Map<PushFacts, PushVerdict> settled) {
        if (!settled.isEmpty()) {
            List<PushFacts> facts = List.copyOf(settled.keySet());
            dao.settle(
                    lease,
                    each(facts, fact -> fact.user().value()).toArray(String[]::new),
                    each(facts, fact -> fact.place().threadId()).toArray(UUID[]::new),
                    each(
                                    facts,
                                    fact -> Objects.requireNonNull(settled.get(fact))
                                            .name())
                            .toArray(String[]::new));
        }
    }

    private static List<DuePush> due(PushDao dao, UUID lease, Map<PushFacts, List<PushDevice>> due, boolean withdraws) {
        List<UserId> users =
                due.keySet().stream().map(PushFacts::user).distinct().toList();
        Map<String, Long> unread = users.isEmpty()
                ? Map.of()
                : dao.unread(ids(users)).stream()
                        .collect(Collectors.toMap(PushDao.Unread::userId, PushDao.Unread::messages));
        List<DuePush> pushes = new ArrayList<>();
        due.forEach((facts, devices) -> pushes.add(new DuePush(
                lease,
                facts.user(),
                facts.thread(),
                facts.message(),
                facts.seq(),
                withdraws,
                facts.senderName(),
                facts.title(),
                facts.text(),
                unread.getOrDefault(facts.user().value(), 0L),
                facts.state() == null ? 0 : facts.state().attempts(),
                facts.storedAt(),
                devices)));
        return pushes;
    }

    /** Records what became of claimed pushes. One whose lease ended meanwhile and that somebody else claimed stays theirs. */
    public void record(List<PushOutcome> outcomes, Instant now) {
        List<PushOutcome> ordered = outcomes.stream()
                .sorted(Comparator.comparing(
                                (PushOutcome outcome) -> outcome.push().user().value())
                        .thenComparing(outcome -> outcome.push().thread().value()))
                .toList();
        transactions.run(handle -> new PushDao(handle)
                .record(
                        each(ordered, outcome -> outcome.push().lease()).toArray(UUID[]::new),
                        each(ordered, outcome -> outcome.push().user().value()).toArray(String[]::new),
                        each(ordered, outcome -> outcome.push().thread().uuid().orElseThrow())
                                .toArray(UUID[]::new),
                        each(ordered, outcome -> outcome.push().seq()).toArray(Long[]::new),
                        each(ordered, outcome -> outcome.verdict().name()).toArray(String[]::new),
                        each(ordered, PushOutcome::accepted).toArray(Boolean[]::new),
                        each(ordered, outcome -> outcome.lacking().isEmpty() ? null : Json.text(outcome.lacking()))
                                .toArray(String[]::new),
                        each(ordered, outcome -> text(outcome.nextAt())).toArray(String[]::new),
                        each(ordered, PushOutcome::failure).toArray(String[]::new),
                        now));
    }

    /** Forgets devices that FCM calls dead, unless they registered a token, be it the same one, since the push was claimed. */
    public int remove(List<PushDevice> dead) {
        return transactions.single(handle -> new PushDao(handle)
                .removeDevices(
                        each(dead, device -> device.user().value()).toArray(String[]::new),
                        each(dead, PushDevice::device).toArray(String[]::new),
                        each(dead, PushDevice::token).toArray(String[]::new),
                        each(dead, device -> device.registeredAt().toString()).toArray(String[]::new)));
    }

    /** Forgets devices whose token nobody renewed since {@code renewed}, and nodes that are long gone; how many devices. */
    public int tidy(Instant renewed, Instant now) {
        return transactions.run(handle -> {
            new ReachDao(handle).forgetNodes(now.minus(NODE_FORGOTTEN));
            return new PushDao(handle).removeDevices(renewed);
        });
    }

    /** Why somebody got a push for a message, or none. */
    public PushExplanation explain(UserId user, MessageId message, PushRules rules, Instant now) {
        return message.uuid()
                .flatMap(id -> transactions.snapshot(handle -> {
                    PushDao dao = new PushDao(handle);
                    return dao.facts(user.value(), id)
                            .map(facts -> explain(
                                    facts,
                                    dao.devices(new String[] {user.value()}),
                                    dao.progress().place(),
                                    rules,
                                    now));
                }))
                .orElseGet(() -> PushExplanation.none(user, message));
    }

    private static PushExplanation explain(
            PushFacts facts, List<PushDevice> devices, MessagePlace decided, PushRules rules, Instant now) {
        return new PushExplanation(
                Hindsight.verdict(facts, devices, decided, rules, now),
                facts.user(),
                facts.message(),
                facts.thread(),
                facts.seq(),
                facts.storedAt(),
                facts.lastReadSeq(),
                facts.mutedUntil(),
                devices.size(),
                facts.reached(),
                facts.state());
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static <T, R extends @Nullable Object> List<R> each(List<T> all, Function<T, R> part) {
        List<R> parts = new ArrayList<>(all.size());
        all.forEach(one -> parts.add(part.apply(one)));
        return parts;
    }

    private static String[] ids(Collection<UserId> users) {
        return users.stream().map(UserId::value).toArray(String[]::new);
    }
}
