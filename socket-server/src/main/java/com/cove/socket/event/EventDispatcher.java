package com.cove.socket.event;

import com.cove.auth.TokenVerifier;
import com.cove.auth.VerifiedToken;
import com.cove.db.user.UserStore;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorBody;
import com.cove.model.error.ErrorCode;
import com.cove.model.event.ServerEvent.Failure;
import com.cove.model.json.Json;
import com.cove.socket.limit.LimitsConfig;
import com.cove.socket.limit.UserLimits;
import com.cove.socket.telemetry.LogBudget;
import com.cove.socket.transport.Acknowledgement;
import com.cove.socket.transport.CloseReason;
import com.cove.socket.transport.ConnectRequest;
import com.cove.socket.transport.Connection;
import com.cove.socket.transport.ConnectionListener;
import com.cove.socket.transport.InboundEvent;
import com.cove.socket.transport.OutboundEvent;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every event and every connection goes through, once: decode, identify, bind, handle, acknowledge – and the one place
 * where failures become what a client is told.
 */
public final class EventDispatcher implements ConnectionListener {
    private static final Logger log = LoggerFactory.getLogger(EventDispatcher.class);
    private static final Duration SEAT_PAUSE = Duration.ofSeconds(30);

    private final TokenVerifier verifier;
    private final UserStore users;
    private final EventReader reader;
    private final List<ConnectionObserver> observers;
    private final EventRates rates;
    private final UserLimits userLimits;
    private final EventTelemetry telemetry;
    private final LogBudget budget = new LogBudget(log);

    /**
     * Wires the dispatcher.
     *
     * @param observers told of connections that begin, in this order, and that end, in the reverse
     */
    public EventDispatcher(
            TokenVerifier verifier,
            UserStore users,
            List<EventBinding<?, ?>> bindings,
            List<ConnectionObserver> observers,
            UserLimits userLimits,
            MeterRegistry meters) {
        this.verifier = verifier;
        this.users = users;
        LimitsConfig limits = userLimits.config();
        this.reader = new EventReader(bindings, limits.maxArguments(), limits.maxJsonDepth());
        this.observers = List.copyOf(observers);
        this.rates = new EventRates(userLimits);
        this.userLimits = userLimits;
        this.telemetry = new EventTelemetry(meters, reader.names());
    }

    @Override
    public VerifiedToken authenticate(ConnectRequest request) {
        try {
            return verifier.verify(request.token());
        } catch (AppException e) {
            throw refused(e);
        }
    }

    private AppException refused(AppException why) {
        telemetry.refused(why.code());
        budget.info().addKeyValue("code", why.code().wireName()).log("connection refused");
        return why;
    }

    @Override
    public void connected(Connection connection) {
        try {
            users.provision(connection.token().profile());
        } catch (AppException e) {
            throw refused(e);
        }
        if (!userLimits.take(connection.user())) {
            throw refused(AppException.rateLimited("Too many connections of this user", SEAT_PAUSE));
        }
        telemetry.connected();
        log.atInfo()
                .addKeyValue("userId", connection.user())
                .addKeyValue("socketId", connection.id())
                .addKeyValue("transport", connection.transport())
                .log("connected");
        try {
            observers.forEach(observer -> observer.connected(connection));
        } catch (RuntimeException e) {
            disconnected(connection, CloseReason.REFUSED);
            throw e;
        }
    }

    @Override
    public void disconnected(Connection connection, CloseReason reason) {
        log.atInfo()
                .addKeyValue("userId", connection.user())
                .addKeyValue("socketId", connection.id())
                .addKeyValue("reason", reason)
                .log("disconnected");
        userLimits.leave(connection.user());
        telemetry.disconnected();
        observers.reversed().forEach(observer -> observer.disconnected(connection));
    }

    @Override
    public void received(Connection connection, InboundEvent event) {
        reader.read(event)
                .ifPresentOrElse(
                        request -> handle(connection, request, event.acknowledgement()),
                        () -> connection.close(CloseReason.PROTOCOL_ERROR));
    }

    private void handle(Connection connection, EventReader.Request request, Acknowledgement acknowledgement) {
        String name = request.name();
        long since = System.nanoTime();
        try {
            succeed(acknowledgement, request.handling().apply(connection));
            telemetry.succeeded(name);
        } catch (AppException e) {
            fail(connection, name, acknowledgement, e);
        } catch (RuntimeException e) {
            fail(connection, name, acknowledgement, unexpected(connection, name, e));
        } finally {
            telemetry.handled(name, since);
        }
    }

    private static void succeed(Acknowledgement acknowledgement, Answer answer) {
        String fields = answer.json().substring(1);
        acknowledgement.answer("{\"ok\":true", fields.equals("}") ? "" : ",", fields);
    }

    /** The cause goes to the log, its id to the client, who can tell it to support. */
    private static AppException unexpected(Connection connection, String name, RuntimeException cause) {
        String requestId = UUID.randomUUID().toString();
        log.atError()
                .addKeyValue("requestId", requestId)
                .addKeyValue("event", name)
                .addKeyValue("userId", connection.user())
                .setCause(cause)
                .log("event failed unexpectedly");
        return new AppException(ErrorCode.INTERNAL, "Internal error, request " + requestId);
    }

    @Override
    public Optional<AppException> refusal(Connection connection) {
        Optional<Duration> wait = rates.waitFor(connection);
        if (wait.isPresent() && !rates.mayBeRefused(connection)) {
            connection.close(CloseReason.FLOOD);
        }
        return wait.map(time -> AppException.rateLimited("Too many events", time));
    }

    @Override
    public void rejected(Connection connection, String name, Acknowledgement acknowledgement, AppException why) {
        fail(connection, name, acknowledgement, why);
    }

    private void fail(Connection connection, String name, Acknowledgement acknowledgement, AppException failure) {
        telemetry.failed(name, failure.code());
        budget.info()
                .addKeyValue("event", telemetry.known(name))
                .addKeyValue("userId", connection.user())
                .addKeyValue("code", failure.code().wireName())
                .log("event failed");
        if (acknowledgement.requested()) {
            acknowledgement.answer("{\"ok\":false,\"error\":", Json.text(ErrorBody.of(failure)), "}");
        } else {
            connection.send(OutboundEvent.of(new Failure(name, failure.code(), failure.safeMessage())));
        }
    }
}
