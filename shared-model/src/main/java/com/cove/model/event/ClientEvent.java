package com.cove.model.event;

import com.cove.model.message.SendMessage;
import com.cove.model.message.SentMessage;
import com.cove.model.presence.PresenceUpdated;
import com.cove.model.presence.UpdatePresence;
import com.cove.model.read.MarkRead;
import com.cove.model.read.ReadReceipt;
import com.cove.model.session.Done;
import com.cove.model.session.RefreshToken;
import com.cove.model.session.TokenRefreshed;
import com.cove.model.sync.Sync;
import com.cove.model.sync.SyncPage;
import com.cove.model.typing.Typing;
import java.util.List;

/**
 * An event from client to server: its name, what it carries and what its acknowledgement adds to {@code ok: true}.
 *
 * @param <P> the payload
 * @param <A> the acknowledgement
 */
public record ClientEvent<P, A>(String name, Class<P> payload, Class<A> acknowledgement) {
    public static final ClientEvent<SendMessage, SentMessage> SEND_MESSAGE =
            new ClientEvent<>("send_message", SendMessage.class, SentMessage.class);
    public static final ClientEvent<Typing, Done> TYPING_START =
            new ClientEvent<>("typing_start", Typing.class, Done.class);
    public static final ClientEvent<Typing, Done> TYPING_STOP =
            new ClientEvent<>("typing_stop", Typing.class, Done.class);
    public static final ClientEvent<MarkRead, ReadReceipt> MARK_READ =
            new ClientEvent<>("mark_read", MarkRead.class, ReadReceipt.class);
    public static final ClientEvent<UpdatePresence, PresenceUpdated> UPDATE_PRESENCE =
            new ClientEvent<>("update_presence", UpdatePresence.class, PresenceUpdated.class);
    public static final ClientEvent<RefreshToken, TokenRefreshed> REFRESH_TOKEN =
            new ClientEvent<>("refresh_token", RefreshToken.class, TokenRefreshed.class);
    public static final ClientEvent<Sync, SyncPage> SYNC = new ClientEvent<>("sync", Sync.class, SyncPage.class);

    /** Every event of the contract. */
    public static final List<ClientEvent<?, ?>> ALL =
            List.of(SEND_MESSAGE, TYPING_START, TYPING_STOP, MARK_READ, UPDATE_PRESENCE, REFRESH_TOKEN, SYNC);
}
