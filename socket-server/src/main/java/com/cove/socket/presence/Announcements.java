package com.cove.socket.presence;

import com.cove.db.presence.Circle;
import com.cove.model.event.ServerEvent.UserOnline;
import com.cove.model.user.UserId;
import com.cove.socket.fanout.Fanout;
import com.cove.socket.nodes.Neighbours;
import com.cove.socket.nodes.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** News of several people at once, to the people whom they concern. */
final class Announcements {
    private static final Circle NOBODY = new Circle(false, Set.of(), Set.of());

    private final Fanout fanout;
    private final Neighbours neighbours;

    Announcements(Fanout fanout, Neighbours neighbours) {
        this.fanout = fanout;
        this.neighbours = neighbours;
    }

    /** Tells the people at this node. */
    void here(Map<UserId, UserOnline> news, Map<UserId, Circle> circles) {
        news.forEach(
                (user, event) -> fanout.send(circles.getOrDefault(user, NOBODY).contacts(), event));
    }

    /** Tells the nodes where people are whom it concerns, each once; false where one of them may not have been. */
    boolean elsewhere(Map<UserId, UserOnline> news, Map<UserId, Circle> circles) {
        Set<UserId> contacts = news.keySet().stream()
                .flatMap(user -> circles.getOrDefault(user, NOBODY).contacts().stream())
                .collect(Collectors.toSet());
        if (contacts.isEmpty()) {
            return true;
        }
        Optional<Map<UserId, Set<String>>> places = neighbours.places(contacts);
        return places.isPresent() && neighbours.tell(signals(news, circles, places.get()));
    }

    private static Map<String, List<Signal>> signals(
            Map<UserId, UserOnline> news, Map<UserId, Circle> circles, Map<UserId, Set<String>> places) {
        Map<String, List<Signal>> byNode = new HashMap<>();
        news.forEach((user, event) -> {
            Map<String, List<UserId>> recipients = new HashMap<>();
            for (UserId contact : circles.getOrDefault(user, NOBODY).contacts()) {
                for (String node : places.getOrDefault(contact, Set.of())) {
                    recipients.computeIfAbsent(node, _ -> new ArrayList<>()).add(contact);
                }
            }
            recipients.forEach((node, some) ->
                    byNode.computeIfAbsent(node, _ -> new ArrayList<>()).add(new Signal(some, event)));
        });
        return byNode;
    }
}
