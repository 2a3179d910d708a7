package com.cove.db;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The root certificates of Amazon RDS that travel with this program, in {@code rds-roots.pem}; docs/operations.md says how to renew them. */
final class RdsRoots {
    private static final String FILE = "/rds-roots.pem";
    private static final Pattern COMMON_NAME = Pattern.compile("(?:^|,)CN=(Amazon RDS [^,]+)");
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";

    private RdsRoots() {}

    /**
     * Those whose name is among these. Of any other authority nothing is read.
     *
     * @param names distinguished names, as certificates give them
     */
    static List<X509Certificate> named(Stream<String> names) throws CertificateException {
        List<String> wanted = names.map(COMMON_NAME::matcher)
                .filter(Matcher::find)
                .map(name -> name.group(1))
                .distinct()
                .toList();
        if (wanted.isEmpty()) {
            return List.of();
        }
        String all = text();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<Optional<String>> found =
                wanted.stream().map(name -> pem(all, name)).toList();
        List<X509Certificate> roots = new java.util.ArrayList<>();
        for (Optional<String> pem : found) {
            if (pem.isPresent()) {
                roots.add((X509Certificate) factory.generateCertificate(
                        new ByteArrayInputStream(pem.get().getBytes(StandardCharsets.US_ASCII))));
            }
        }
        return roots;
    }

    /** In the file a comment before each certificate gives its name. */
    private static Optional<String> pem(String all, String name) {
        int comment = all.indexOf("# " + name + "\n");
        if (comment < 0) {
            return Optional.empty();
        }
        int begin = all.indexOf(BEGIN, comment);
        return Optional.of(all.substring(begin, all.indexOf(END, begin) + END.length()));
    }

    static String text() {
        try (InputStream file = Objects.requireNonNull(RdsRoots.class.getResourceAsStream(FILE), FILE)) {
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
