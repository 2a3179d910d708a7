package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority for one run, and what it signs; made by the JDK's keytool. */
final class TestAuthority {
    private static final String PASSWORD = "only-for-this-run";
    private static final String ROOT = "root";

    private final Path file;

    private TestAuthority(Path file) {
        this.file = file;
    }

    /** @param name the authority's common name */
    static TestAuthority create(Path folder, String name) throws IOException, InterruptedException {
        TestAuthority authority = new TestAuthority(Files.createTempFile(folder, "authority", ".p12"));
        Files.delete(authority.file);
        authority.keytool(ROOT, name, "-ext", "bc:c", "-validity", "30");
        return authority;
    }

    /** A key store that holds the root and nothing else; what {@code javax.net.ssl.trustStore} may name. */
    Path trustStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry(ROOT, open().getCertificate(ROOT));
        Path trusted = file.resolveSibling(file.getFileName() + ".trusted");
        try (var out = Files.newOutputStream(trusted)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return trusted;
    }

    /** The root, as {@code sslrootcert} names it. */
    Path rootPem() throws IOException, GeneralSecurityException {
        Path pem = file.resolveSibling(file.getFileName() + ".pem");
        return Files.writeString(
                pem, pem("CERTIFICATE", open().getCertificate(ROOT).getEncoded()));
    }

    static String password() {
        return PASSWORD;
    }

    /** Signs a certificate for this host, valid from so many days ago for one more than a month, or for a day. */
    ServerFiles server(String host, boolean expired)
            throws IOException, InterruptedException, GeneralSecurityException {
        String alias = "server";
        String[] validity = expired
                ? new String[] {"-startdate", "-3d", "-validity", "1"}
                : new String[] {"-startdate", "-1d", "-validity", "30"};
        List<String> options = new ArrayList<>(List.of("-signer", ROOT, "-ext", "san=dns:" + host));
        options.addAll(List.of(validity));
        keytool(alias, host, options.toArray(String[]::new));
        KeyStore store = open();
        StringBuilder chain = new StringBuilder();
        for (Certificate certificate : store.getCertificateChain(alias)) {
            chain.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        Path certificate = file.resolveSibling(file.getFileName() + ".crt");
        Path key = file.resolveSibling(file.getFileName() + ".key");
        Files.writeString(certificate, chain.toString());
        Files.writeString(
                key,
                pem("PRIVATE KEY", store.getKey(alias, PASSWORD.toCharArray()).getEncoded()));
        return new ServerFiles(certificate, key);
    }

    /** What PostgreSQL reads. */
    record ServerFiles(Path certificate, Path key) {
        /** Puts them where PostgreSQL looks, readable by its user only, as it demands. */
        void copyTo(Path data) throws IOException {
            put(certificate, data, "server.crt");
            put(key, data, "server.key");
        }

        private static void put(Path from, Path data, String name) throws IOException {
            Path owned = data.resolve("postgresql.conf");
            Path to = data.resolve(name);
            Files.writeString(to, Files.readString(from));
            Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-------"));
            Files.setOwner(to, Files.getOwner(owned));
        }
    }

    private KeyStore open() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private void keytool(String alias, String name, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home", ""), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name));
        command.addAll(List.of(options));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + kind + "-----\n";
    }
}
