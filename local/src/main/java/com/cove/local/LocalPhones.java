package com.cove.local;

import com.cove.auth.fcm.PushClient;
import com.cove.auth.fcm.PushResult;
import com.cove.model.json.Json;
import com.cove.model.push.Push;
import com.cove.model.thread.ThreadId;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The phones that pushes go to in local mode, for the chat page to draw: what each shows, and what came last. A token is a phone from
 * the first push to it; those that nobody pushes to or looks at longest are forgotten.
 */
final class LocalPhones implements PushClient {
    /** A token that begins so is of an app that was removed. */
    static final String DEAD = "dead-";

    static final int PHONES = 200;
    static final int NOTIFICATIONS = 50;
    static final int EVENTS = 20;

    private final Clock clock;
    private final Map<String, Phone> phones = new LinkedHashMap<>(16, 0.75f, true);

    LocalPhones(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized PushResult send(String token, Push push) {
        if (token.startsWith(DEAD)) {
            return new PushResult.DeadToken("UNREGISTERED");
        }
        phones.computeIfAbsent(token, _ -> new Phone()).take(push, clock.instant());
        shorten(phones, PHONES);
        return new PushResult.Accepted();
    }

    /** What the phone of this token shows; nothing, where no push went to it. */
    synchronized byte[] json(String token) {
        Phone phone = phones.get(token);
        return Json.bytes((phone == null ? new Phone() : phone).screen());
    }

    /**
     * As the page gets it.
     *
     * @param pushes how many came in all: another number, another picture
     * @param unread what the last one said, for the badge
     * @param notifications newest first
     * @param events newest first
     */
    record Screen(long pushes, long unread, List<Card> notifications, List<Event> events) {}

    /** @param replaced how many notifications of its thread this one is the successor of */
    record Card(String threadId, long seq, String title, String body, Instant at, int replaced) {
        /** Never the text. */
        @Override
        public String toString() {
            return "Card[threadId=" + threadId + ", seq=" + seq + "]";
        }
    }

    /** @param what {@code came}, {@code replaced} or {@code withdrawn} */
    record Event(String what, String title, Instant at) {}

    private static final class Phone {
        private final Map<ThreadId, Card> shown = new LinkedHashMap<>();
        private final Deque<Event> events = new ArrayDeque<>();
        private long pushes;
        private long unread;

        void take(Push push, Instant now) {
            pushes++;
            unread = push.unread();
            switch (push) {
                case Push.Notification notification -> show(notification, now);
                case Push.Withdrawal withdrawal -> withdraw(withdrawal, now);
            }
        }

        private void show(Push.Notification push, Instant now) {
            Card earlier = shown.remove(push.threadId());
            int replaced = earlier == null ? 0 : earlier.replaced + 1;
            shown.put(
                    push.threadId(),
                    new Card(push.threadId().value(), push.seq(), push.title(), push.body(), now, replaced));
            shorten(shown, NOTIFICATIONS);
            note(new Event(earlier == null ? "came" : "replaced", push.title(), now));
        }

        /** One that a newer notification overtook takes nothing away. */
        private void withdraw(Push.Withdrawal push, Instant now) {
            Card card = shown.get(push.threadId());
            if (card != null && card.seq <= push.seq()) {
                shown.remove(push.threadId());
                note(new Event("withdrawn", card.title, now));
            }
        }

        private void note(Event event) {
            events.addFirst(event);
            if (events.size() > EVENTS) {
                events.removeLast();
            }
        }

        Screen screen() {
            return new Screen(pushes, unread, new ArrayList<>(shown.values()).reversed(), List.copyOf(events));
        }
    }

    /** Forgets the eldest beyond so many. */
    private static void shorten(Map<?, ?> map, int most) {
        if (map.size() > most) {
            map.remove(map.keySet().iterator().next());
        }
    }
}
