package com.cove.api;

import com.cove.api.hook.Hook;
import com.cove.model.event.ServerEvent.Stored;
import com.cove.model.hook.Delivery;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is told, as it arrives: through the JSON of the wire. */
final class RecordingHook implements Hook {
    private final List<Delivery> told = new CopyOnWriteArrayList<>();

    @Override
    public void tell(Delivery delivery) {
        told.add(Delivery.fromJson(delivery.toJson()));
    }

    List<Stored> events() {
        return told.stream().map(delivery -> delivery.change().event()).toList();
    }

    Delivery last() {
        return told.getLast();
    }
}
