package com.cove.auth;

import com.cove.model.error.AppException;
import com.cove.model.json.Json;
import com.cove.model.key.SharedKeys;
import com.cove.model.key.SigningKeys;
import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The keys with which Google signs Firebase's tokens: looked for when first needed, and again when Google's answer says that they have grown
 * old, where other programs leave theirs, and then at Google. Until they are there, and where that fails, the old ones count for another hour.
 * One caller looks; who has no old ones waits for it. Thread-safe.
 *
 * @see <a href="https://firebase.google.com/docs/auth/admin/verify-id-tokens#verify_id_tokens_using_a_third-party_jwt_library">Firebase's
 *     rules</a>
 */
final class GoogleKeys implements JWSKeySelector<SecurityContext> {
    static final URI ADDRESS =
            URI.create("https://www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com");

    private static final Duration GRACE = Duration.ofHours(1);
    /** However short the time that an answer allows. */
    private static final Duration LEAST = Duration.ofMinutes(1);
    /** However long. Google allows some hours. */
    private static final Duration MOST = Duration.ofDays(1);
    /** From a failed fetch to the next, while the old keys count. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private static final int MAX_BYTES = 64 * 1024;
    private static final Pattern MAX_AGE = Pattern.compile("\\bmax-age=(\\d{1,9})\\b");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private final URI address;
    private final SharedKeys shared;
    private final Duration patience;
    private final Clock clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile Published published = Published.NONE;

    /**
     * @param shared may fail: then Google is asked
     * @param patience how long Google may take, to be reached and then for an answer; and how long others wait for the one who asks it
     */
    GoogleKeys(URI address, SharedKeys shared, Duration patience, Clock clock) {
        this.address = address;
        this.shared = shared;
        this.patience = patience;
        this.clock = clock;
    }

    /** None where no key of Google's fits; all for a token that names none. */
    @Override
    public List<Key> selectJWSKeys(JWSHeader header, @Nullable SecurityContext context) throws KeySourceException {
        if (!JWSAlgorithm.RS256.equals(header.getAlgorithm())) {
            return List.of();
        }
        Map<String, RSAPublicKey> keys = current().keys;
        if (header.getKeyID() == null) {
            return List.copyOf(keys.values());
        }
        RSAPublicKey key = keys.get(header.getKeyID());
        return key == null ? List.of() : List.of(key);
    }

    private Published current() throws KeySourceException {
        Published known = published;
        Instant now = clock.instant();
        if (now.isBefore(known.freshUntil)) {
            return known;
        }
        if (now.isBefore(known.usableUntil)) {
            return fetching.tryLock() ? renewed() : known;
        }
        try {
            if (!fetching.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new KeySourceException("Google's keys are still being fetched");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KeySourceException("interrupted", e);
        }
        return renewed();
    }

    /** For who has the lock, which is given back. */
    private Published renewed() throws KeySourceException {
        try {
            // Perhaps they were just fetched by who had it before.
            if (!clock.instant().isBefore(published.freshUntil)) {
                published = fetchedOrOld();
            }
            return published;
        } finally {
            fetching.unlock();
        }
    }

    private Published fetchedOrOld() throws KeySourceException {
        Published known = found();
        if (clock.instant().isBefore(known.freshUntil)) {
            return known;
        }
        try {
            Published fetched = fetch();
            leave(fetched);
            return fetched;
        } catch (IOException | GeneralSecurityException | AppException e) {
            Instant now = clock.instant();
            if (now.isBefore(known.usableUntil)) {
                return new Published(known.keys, now.plus(PAUSE), known.usableUntil);
            }
            throw new KeySourceException("Google's keys cannot be fetched", e);
        }
    }

    /** Ours or the others', whichever are newer. */
    private Published found() {
        try {
            Optional<SigningKeys> left = shared.find();
            Instant now = clock.instant();
            return left.isPresent() && now.plus(left.get().freshFor()).isAfter(published.freshUntil)
                    ? Published.of(left.get(), now)
                    : published;
        } catch (GeneralSecurityException | IllegalArgumentException | AppException e) {
            return published;
        }
    }

    private void leave(Published fetched) {
        try {
            shared.put(fetched.forOthers(clock.instant()));
        } catch (AppException e) {
            // They do without.
        }
    }

    private Published fetch() throws IOException, GeneralSecurityException {
        URLConnection connection = address.toURL().openConnection();
        connection.setConnectTimeout(Math.toIntExact(patience.toMillis()));
        connection.setReadTimeout(Math.toIntExact(patience.toMillis()));
        try (InputStream body = connection.getInputStream()) {
            byte[] json = body.readNBytes(MAX_BYTES);
            return Published.until(clock.instant().plus(freshness(connection)), keys(json));
        }
    }

    /** Certificates by the id of their key. */
    private static Map<String, RSAPublicKey> keys(byte[] json) throws IOException, CertificateException {
        CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        Map<String, RSAPublicKey> keys = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : Json.parse(json).properties()) {
            byte[] pem = entry.getValue().asText().getBytes(StandardCharsets.US_ASCII);
            if (certificates.generateCertificate(new ByteArrayInputStream(pem)).getPublicKey()
                    instanceof RSAPublicKey key) {
                keys.put(entry.getKey(), key);
            }
        }
        if (keys.isEmpty()) {
            throw new IOException("there are no keys in the answer");
        }
        return keys;
    }

    /** What is left of the time that the answer may be kept for: caches on the way may have had it for a while. */
    private static Duration freshness(URLConnection answer) {
        Matcher allowed = MAX_AGE.matcher(header(answer, "Cache-Control"));
        String age = header(answer, "Age");
        long seconds = allowed.find() ? Long.parseLong(allowed.group(1)) : 0;
        Duration left = Duration.ofSeconds(seconds - (SECONDS.matcher(age).matches() ? Long.parseLong(age) : 0));
        if (left.compareTo(LEAST) < 0) {
            return LEAST;
        }
        return left.compareTo(MOST) > 0 ? MOST : left;
    }

    private static String header(URLConnection answer, String name) {
        String value = answer.getHeaderField(name);
        return value == null ? "" : value;
    }

    /** @param freshUntil when to ask again */
    private record Published(Map<String, RSAPublicKey> keys, Instant freshUntil, Instant usableUntil) {
        static final Published NONE = new Published(Map.of(), Instant.MIN, Instant.MIN);

        static Published until(Instant freshUntil, Map<String, RSAPublicKey> keys) {
            return new Published(Map.copyOf(keys), freshUntil, freshUntil.plus(GRACE));
        }

        static Published of(SigningKeys shared, Instant now) throws GeneralSecurityException {
            KeyFactory rsa = KeyFactory.getInstance("RSA");
            Map<String, RSAPublicKey> keys = new HashMap<>();
            for (Map.Entry<String, String> key : shared.keys().entrySet()) {
                byte[] encoded = Base64.getDecoder().decode(key.getValue());
                keys.put(key.getKey(), (RSAPublicKey) rsa.generatePublic(new X509EncodedKeySpec(encoded)));
            }
            return until(now.plus(shared.freshFor()), keys);
        }

        SigningKeys forOthers(Instant now) {
            Map<String, String> encoded = new HashMap<>();
            keys.forEach((id, key) -> encoded.put(id, Base64.getEncoder().encodeToString(key.getEncoded())));
            return new SigningKeys(encoded, Duration.between(now, freshUntil));
        }
    }
}
