package com.cove.api;

import com.cove.api.hook.Hook;
import com.cove.model.event.Change;
import com.cove.model.hook.Delivery;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is told, as it arrives: through the JSON of the wire. */
final class RecordingHook implements Hook {
    private final List<Delivery> told = new CopyOnWriteArrayList<>();

    @Override
    public void tell(Delivery delivery, String requestId) {
        told.add(Delivery.fromJson(delivery.toJson()));
    }

    List<Change> changes() {
        return told.stream().map(Delivery::change).toList();
    }

    Delivery last() {
        return told.getLast();
    }
}
