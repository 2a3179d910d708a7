package com.cove.auth;

import com.cove.model.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** An RSA key with a self-made certificate, as Google has for ID tokens; made by the JDK's keytool for one run. */
public final class SigningKey {
    /** Of the key store's file. */
    public static final String PASSWORD = "only-for-this-run";

    private final Path file;
    private final PrivateKey key;
    private final Certificate certificate;

    private SigningKey(Path file, PrivateKey key, Certificate certificate) {
        this.file = file;
        this.key = key;
        this.certificate = certificate;
    }

    public static SigningKey create(Path folder, String name)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path file = folder.resolve(name + ".p12");
        keytool(file);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        PrivateKey key = (PrivateKey) store.getKey("key", PASSWORD.toCharArray());
        return new SigningKey(file, key, store.getCertificate("key"));
    }

    /** The certificate as Google's key server publishes it. */
    public String pem() {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A PKCS #12 key store: who takes it for a trust store believes the certificate, which is also one for TLS. */
    public Path file() {
        return file;
    }

    /** Of the server of Google's public keys, with this certificate. */
    public SSLContext tls() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("key", key, PASSWORD.toCharArray(), new Certificate[] {certificate});
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD.toCharArray());
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(keys.getKeyManagers(), null, null);
            return tls;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key as it stands in a service account's JSON. */
    String privatePem() {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    public String rs256(Map<String, Object> claims) {
        return rs256("key-1", claims);
    }

    /** @param keyId null for none */
    String rs256(@Nullable String keyId, Map<String, Object> claims) {
        return signed("RS256", "SHA256withRSA", keyId, claims);
    }

    /** With this key, but not as Firebase signs. */
    String rs512(Map<String, Object> claims) {
        return signed("RS512", "SHA512withRSA", "key-1", claims);
    }

    private String signed(String algorithm, String jcaName, @Nullable String keyId, Map<String, Object> claims) {
        try {
            String content = content(algorithm, keyId, claims);
            Signature signature = Signature.getInstance(jcaName);
            signature.initSign(key);
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The classic confusion: the published certificate taken for the secret of a symmetric signature. */
    String hs256WithTheCertificate(Map<String, Object> claims) {
        try {
            String content = content("HS256", "key-1", claims);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(pem().getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            return content + "." + base64(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String unsigned(Map<String, Object> claims) {
        return base64(Json.bytes(Map.of("alg", "none", "typ", "JWT"))) + "." + base64(Json.bytes(claims)) + ".";
    }

    private static String content(String algorithm, @Nullable String keyId, Map<String, Object> claims) {
        Map<String, String> header = new LinkedHashMap<>(Map.of("alg", algorithm, "typ", "JWT"));
        if (keyId != null) {
            header.put("kid", keyId);
        }
        return base64(Json.bytes(header)) + "." + base64(Json.bytes(claims));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static void keytool(Path file) throws IOException, InterruptedException {
        Path keytool = Path.of(System.getProperty("java.home", ""), "bin", "keytool");
        int exit = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-keystore",
                        file.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-alias",
                        "key",
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-dname",
                        "CN=cove-test",
                        "-ext",
                        "san=dns:www.googleapis.com",
                        "-validity",
                        "2")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("keytool ended with " + exit);
        }
    }
}
