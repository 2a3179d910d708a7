package com.cove.db;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts the roots of Amazon RDS, which no JVM knows, and those that the JVM knows: the proxy of RDS and other providers have public
 * certificates. What a server presents says which root it means, and only that one is read: all of them would cost a Lambda's start.
 */
final class TrustedAuthorities implements X509TrustManager {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        List<X509Certificate> roots = RdsRoots.named(Stream.of(chain)
                .map(certificate -> certificate.getIssuerX500Principal().getName()));
        manager(roots.isEmpty() ? null : store(roots)).checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("there are no clients here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    /** @param store null for what the JVM trusts */
    private static X509TrustManager manager(@Nullable KeyStore store) throws CertificateException {
        try {
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            return Stream.of(managers.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .findFirst()
                    .orElseThrow();
        } catch (GeneralSecurityException e) {
            throw new CertificateException("the trusted authorities cannot be read", e);
        }
    }

    private static KeyStore store(Collection<X509Certificate> roots) throws CertificateException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate root : roots) {
                store.setCertificateEntry(root.getSubjectX500Principal().getName(), root);
            }
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new CertificateException("the roots of Amazon RDS cannot be used", e);
        }
    }
}
