package com.cove.socket;

import com.cove.db.presence.PresenceStore;
import com.cove.db.sync.SyncStore;
import com.cove.model.event.ClientEvent;
import com.cove.socket.event.EventBinding;
import com.cove.socket.message.SendMessageHandler;
import com.cove.socket.read.MarkReadHandler;
import com.cove.socket.session.TokenExpiry;
import com.cove.socket.typing.Typists;
import java.util.List;

/** The table of events: what answers each event of the contract. */
final class SocketEvents {
    private SocketEvents() {}

    static List<EventBinding<?, ?>> table(
            SendMessageHandler sendMessage,
            MarkReadHandler markRead,
            Typists typists,
            PresenceStore presence,
            TokenExpiry expiry,
            SyncStore sync) {
        return List.of(
                new EventBinding<>(ClientEvent.SEND_MESSAGE, sendMessage),
                EventBinding.of(ClientEvent.TYPING_START, typists::start),
                EventBinding.of(ClientEvent.TYPING_STOP, typists::stop),
                EventBinding.of(ClientEvent.MARK_READ, markRead::handle),
                EventBinding.of(
                        ClientEvent.UPDATE_PRESENCE,
                        (connection, request) -> presence.update(connection.user(), request)),
                EventBinding.of(ClientEvent.REFRESH_TOKEN, expiry::refresh),
                EventBinding.of(ClientEvent.SYNC, (connection, request) -> sync.changes(connection.user(), request)));
    }
}
